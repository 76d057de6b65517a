//! Pinyin of Chinese text: with tone marks, plain, and the initials by which people type names.
//!
//! A character is read by itself; where its reading depends on the word, a table of frequent words settles it
//! (重庆 is chóng qìng, not zhòng qìng). Characters without a reading stay what they are. Search does not depend on that
//! table: it tries every reading of a character (see [`NameQuery`](super::NameQuery)).

use pinyin::{Pinyin, ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

use super::variant::simplified;

/// Returns the pinyin with tone marks, syllables set apart by spaces: `xī xī gǔ`.
pub fn pinyin(text: &str) -> String {
    spelled(text, str::to_owned)
}

/// Returns the pinyin without tone marks, `ü` as `v`, syllables set apart by spaces: `xi xi gu`.
pub fn pinyin_plain(text: &str) -> String {
    spelled(text, without_tone)
}

/// Returns the first letters of the syllables; what is not Chinese stays, in lower case and without spaces: `xxg`.
pub fn initials(text: &str) -> String {
    let mut letters = String::new();
    for part in parts(text) {
        match part {
            Part::Syllable(syllable) => letters.extend(without_tone(&syllable).chars().next()),
            Part::Other(other) if other.is_whitespace() => {}
            Part::Other(other) => letters.extend(other.to_lowercase()),
        }
    }
    letters
}

/// Returns the plain readings of one character, the most frequent first, `ü` as `v`; none if it is not Chinese.
pub(super) fn readings(character: char) -> Vec<&'static str> {
    let character = simplified(character);
    let mut found: Vec<&'static str> = Vec::new();
    let mut add = |reading: Pinyin| {
        let plain = plain_of(reading);
        if !found.contains(&plain) {
            found.push(plain);
        }
    };
    match character.to_pinyin_multi() {
        Some(several) => several.into_iter().for_each(&mut add),
        None => character.to_pinyin().into_iter().for_each(&mut add),
    }
    found
}

/// Returns the letters of a text of pinyin without its tone marks, `ü` as `v`.
pub(super) fn without_tone(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.nfd() {
        match character {
            '\u{308}' if plain.ends_with('u') => {
                plain.pop();
                plain.push('v');
            }
            '\u{300}'..='\u{36f}' => {}
            _ => plain.push(character),
        }
    }
    plain
}

/// The few plain syllables that the table spells with `ü`, and how they are typed.
fn plain_of(reading: Pinyin) -> &'static str {
    match reading.plain() {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        "ê" => "e",
        plain => plain,
    }
}

enum Part {
    Syllable(String),
    Other(char),
}

/// Cuts a text into syllables and other characters.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest: &[char] = &text.chars().map(simplified).collect::<Vec<_>>();
    let original: Vec<char> = text.chars().collect();
    while let Some(&first) = rest.first() {
        if let Some((length, syllables)) = word_at(rest) {
            parts.extend(syllables.split(' ').map(|syllable| Part::Syllable(syllable.to_owned())));
            rest = &rest[length..];
            continue;
        }
        parts.push(match first.to_pinyin() {
            Some(reading) => Part::Syllable(reading.with_tone().to_owned()),
            None => Part::Other(original[original.len() - rest.len()]),
        });
        rest = &rest[1..];
    }
    parts
}

/// Returns the longest word of the table that the characters begin with: its length and its syllables.
fn word_at(characters: &[char]) -> Option<(usize, &'static str)> {
    let begins = |word: &str| {
        let length = word.chars().count();
        (length <= characters.len() && word.chars().eq(characters[..length].iter().copied())).then_some(length)
    };
    // Every word of the table holds one of few characters, yet the table is small enough to be read through.
    let found = WORDS.iter().filter_map(|(word, syllables)| begins(word).map(|length| (length, *syllables)));
    found.max_by_key(|(length, _)| *length)
}

fn spelled(text: &str, spell: impl Fn(&str) -> String) -> String {
    let mut line = String::with_capacity(text.len() * 2);
    let mut after_syllable = false;
    for part in parts(text) {
        match part {
            Part::Syllable(syllable) => {
                if !line.is_empty() && !line.ends_with(|last: char| last.is_whitespace() || OPENING.contains(last)) {
                    line.push(' ');
                }
                line.push_str(&spell(&syllable));
                after_syllable = true;
            }
            Part::Other(other) => {
                if after_syllable && other.is_alphanumeric() {
                    line.push(' ');
                }
                line.push(other);
                after_syllable = false;
            }
        }
    }
    line
}

/// Marks that the next syllable stands close to.
const OPENING: &str = "([{（【〔《〈「『“‘\"'-·";

/// Frequent words in which a character is not read as it most often is.
const WORDS: &[(&str, &str)] = &[
    ("一行", "yì háng"),
    ("三藩", "sān fān"),
    ("东莞", "dōng guǎn"),
    ("丽水", "lí shuǐ"),
    ("乐清", "yuè qīng"),
    ("乐山", "lè shān"),
    ("亳州", "bó zhōu"),
    ("任丘", "rén qiū"),
    ("会计", "kuài jì"),
    ("会稽", "kuài jī"),
    ("传记", "zhuàn jì"),
    ("供给", "gōng jǐ"),
    ("便宜", "pián yi"),
    ("六合", "lù hé"),
    ("六安", "lù ān"),
    ("关卡", "guān qiǎ"),
    ("兴趣", "xìng qù"),
    ("几乎", "jī hū"),
    ("分量", "fèn liàng"),
    ("厦门", "xià mén"),
    ("参差", "cēn cī"),
    ("口吃", "kǒu chī"),
    ("台州", "tāi zhōu"),
    ("同行", "tóng háng"),
    ("商行", "shāng háng"),
    ("单县", "shàn xiàn"),
    ("单于", "chán yú"),
    ("各行", "gè háng"),
    ("吐蕃", "tǔ bō"),
    ("咖啡", "kā fēi"),
    ("和平", "hé píng"),
    ("咸阳", "xián yáng"),
    ("哈达", "hǎ dá"),
    ("外行", "wài háng"),
    ("大夫", "dài fu"),
    ("大厦", "dà shà"),
    ("大都", "dà dū"),
    ("央行", "yāng háng"),
    ("头发", "tóu fa"),
    ("好奇", "hào qí"),
    ("宁波", "níng bō"),
    ("宿州", "sù zhōu"),
    ("宿迁", "sù qiān"),
    ("尉迟", "yù chí"),
    ("尽管", "jǐn guǎn"),
    ("差异", "chā yì"),
    ("差距", "chā jù"),
    ("差额", "chā é"),
    ("出差", "chū chāi"),
    ("应对", "yìng duì"),
    ("应用", "yìng yòng"),
    ("反应", "fǎn yìng"),
    ("响应", "xiǎng yìng"),
    ("供应", "gōng yìng"),
    ("效应", "xiào yìng"),
    ("适应", "shì yìng"),
    ("弹性", "tán xìng"),
    ("强迫", "qiǎng pò"),
    ("当铺", "dàng pù"),
    ("执行", "zhí xíng"),
    ("扫帚", "sào zhou"),
    ("投降", "tóu xiáng"),
    ("折本", "shé běn"),
    ("收藏", "shōu cáng"),
    ("数据", "shù jù"),
    ("数字", "shù zì"),
    ("方便", "fāng biàn"),
    ("曲折", "qū zhé"),
    ("曲阜", "qū fù"),
    ("曾都", "zēng dū"),
    ("曾国藩", "zēng guó fān"),
    ("朝阳", "cháo yáng"),
    ("朝鲜", "cháo xiǎn"),
    ("校对", "jiào duì"),
    ("模样", "mú yàng"),
    ("武都", "wǔ dū"),
    ("成都", "chéng dū"),
    ("首都", "shǒu dū"),
    ("都市", "dū shì"),
    ("都江堰", "dū jiāng yàn"),
    ("歙县", "shè xiàn"),
    ("洪洞", "hóng tóng"),
    ("浚县", "xùn xiàn"),
    ("涡阳", "guō yáng"),
    ("渑池", "miǎn chí"),
    ("渭河", "wèi hé"),
    ("牟平", "mù píng"),
    ("番禺", "pān yú"),
    ("百色", "bǎi sè"),
    ("盛会", "shèng huì"),
    ("相声", "xiàng sheng"),
    ("真相", "zhēn xiàng"),
    ("秘鲁", "bì lǔ"),
    ("空闲", "kòng xián"),
    ("空白", "kòng bái"),
    ("累计", "lěi jì"),
    ("积累", "jī lěi"),
    ("结实", "jiē shi"),
    ("给予", "jǐ yǔ"),
    ("绿林", "lù lín"),
    ("荥阳", "xíng yáng"),
    ("蔚县", "yù xiàn"),
    ("蚌埠", "bèng bù"),
    ("血液", "xuè yè"),
    ("行业", "háng yè"),
    ("行列", "háng liè"),
    ("行家", "háng jiā"),
    ("行情", "háng qíng"),
    ("行长", "háng zhǎng"),
    ("西藏", "xī zàng"),
    ("宝藏", "bǎo zàng"),
    ("角色", "jué sè"),
    ("解放", "jiě fàng"),
    ("调整", "tiáo zhěng"),
    ("调节", "tiáo jié"),
    ("调控", "tiáo kòng"),
    ("协调", "xié tiáo"),
    ("空调", "kōng tiáo"),
    ("调解", "tiáo jiě"),
    ("转载", "zhuǎn zǎi"),
    ("载体", "zài tǐ"),
    ("下载", "xià zài"),
    ("记载", "jì zǎi"),
    ("边卡", "biān qiǎ"),
    ("还款", "huán kuǎn"),
    ("返还", "fǎn huán"),
    ("偿还", "cháng huán"),
    ("郑重", "zhèng zhòng"),
    ("重组", "chóng zǔ"),
    ("重复", "chóng fù"),
    ("重庆", "chóng qìng"),
    ("重建", "chóng jiàn"),
    ("重新", "chóng xīn"),
    ("重构", "chóng gòu"),
    ("重阳", "chóng yáng"),
    ("银行", "yín háng"),
    ("铅山", "yán shān"),
    ("长大", "zhǎng dà"),
    ("长", "cháng"),
    ("厅长", "tīng zhǎng"),
    ("处长", "chù zhǎng"),
    ("科长", "kē zhǎng"),
    ("组长", "zǔ zhǎng"),
    ("镇长", "zhèn zhǎng"),
    ("乡长", "xiāng zhǎng"),
    ("村长", "cūn zhǎng"),
    ("社长", "shè zhǎng"),
    ("馆长", "guǎn zhǎng"),
    ("团长", "tuán zhǎng"),
    ("站长", "zhàn zhǎng"),
    ("园长", "yuán zhǎng"),
    ("首长", "shǒu zhǎng"),
    ("班长", "bān zhǎng"),
    ("船长", "chuán zhǎng"),
    ("生长", "shēng zhǎng"),
    ("助长", "zhù zhǎng"),
    ("省长沙", "shěng cháng shā"),
    ("省长春", "shěng cháng chūn"),
    ("省长治", "shěng cháng zhì"),
    ("市长宁", "shì cháng níng"),
    ("市长安", "shì cháng ān"),
    ("长官", "zhǎng guān"),
    ("成长", "chéng zhǎng"),
    ("增长", "zēng zhǎng"),
    ("市长", "shì zhǎng"),
    ("省长", "shěng zhǎng"),
    ("县长", "xiàn zhǎng"),
    ("区长", "qū zhǎng"),
    ("部长", "bù zhǎng"),
    ("局长", "jú zhǎng"),
    ("院长", "yuàn zhǎng"),
    ("校长", "xiào zhǎng"),
    ("所长", "suǒ zhǎng"),
    ("会长", "huì zhǎng"),
    ("理事长", "lǐ shì zhǎng"),
    ("董事长", "dǒng shì zhǎng"),
    ("秘书长", "mì shū zhǎng"),
    ("家长", "jiā zhǎng"),
    ("队长", "duì zhǎng"),
    ("乐器", "yuè qì"),
    ("音乐", "yīn yuè"),
    ("中标", "zhòng biāo"),
    ("间接", "jiàn jiē"),
    ("降落", "jiàng luò"),
    ("阿房宫", "ē páng gōng"),
    ("隆尧", "lóng yáo"),
    ("青海", "qīng hǎi"),
    ("黄埔", "huáng pǔ"),
    ("黄陂", "huáng pí"),
    ("龟兹", "qiū cí"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_with_tones_plain_and_initials() {
        assert_eq!(pinyin("西溪谷"), "xī xī gǔ");
        assert_eq!(pinyin_plain("西溪谷"), "xi xi gu");
        assert_eq!(initials("西溪谷"), "xxg");
        assert_eq!(pinyin("區塊鏈"), "qū kuài liàn");
        assert_eq!(pinyin_plain("绿"), "lv");
        assert_eq!(initials("杭州 West 园"), "hzwesty");
        assert_eq!(pinyin(""), "");
    }

    #[test]
    fn reads_words_by_the_table() {
        assert_eq!(pinyin("重庆银行"), "chóng qìng yín háng");
        assert_eq!(pinyin("成都市长"), "chéng dū shì zhǎng");
        assert_eq!(initials("西藏"), "xz");
        assert_eq!(pinyin_plain("湖南省长沙市长"), "hu nan sheng chang sha shi zhang");
        assert_eq!(pinyin_plain("长三角"), "chang san jiao");
        for (word, syllables) in WORDS {
            assert_eq!(word.chars().count(), syllables.split(' ').count(), "{word}");
            for (character, syllable) in word.chars().zip(syllables.split(' ')) {
                assert!(readings(character).contains(&without_tone(syllable).as_str()), "{word}: {syllable}");
            }
        }
    }

    #[test]
    fn keeps_what_is_not_chinese() {
        assert_eq!(pinyin("链十条（2017）"), "liàn shí tiáo（2017）");
        assert_eq!(pinyin("A园b"), "A yuán b");
        assert_eq!(pinyin("😀"), "😀");
        assert!(readings('a').is_empty());
    }

    #[test]
    fn gives_every_reading_the_most_frequent_first() {
        assert_eq!(readings('重')[0], "zhong");
        assert!(readings('重').contains(&"chong"));
        assert_eq!(readings('鏈'), readings('链'));
    }
}
