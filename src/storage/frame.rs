//! The bytes around every stored thing: what it is, how long it is, and a checksum that says whether it survived.
//!
//! All numbers are little-endian except inside keys. The checksum is CRC-32C (RFC 3720, appendix B.4).
//!
//! A **chunk** (the value in table `chunk`; catalogue and directory in table `yuanpu` have the same frame):
//!
//! ```text
//! offset  width  meaning
//!      0      1  kind: the first byte of the key; 254 catalogue, 255 directory
//!      1      1  k, the size of the key in bytes
//!      2      k  key, as in the table
//!    2+k      4  length of the payload in bytes
//!    6+k      4  checksum of bytes 0 to 6+k and of the payload
//!   10+k      …  payload
//! ```
//!
//! A **log record** (table `log`, under its sequence number):
//!
//! ```text
//!      0      8  sequence number
//!      8      4  chain: checksum of the chain of the record before, the sequence number and the payload
//!     12      …  payload
//! ```
//!
//! The **tail** of the log (table `log`, under the greatest u64), written with every commit:
//!
//! ```text
//!      0      8  number of the checkpoint that the log follows
//!      8      8  sequence number of the last commit that the checkpoint holds
//!     16      8  sequence number of the last commit
//!     24      8  payload bytes of all records in the log
//!     32      4  chain of the last record (of an empty log: 0)
//!     36      4  checksum of bytes 0 to 36
//! ```
//!
//! The **header** (at the beginning of the file) never changes its first ten bytes' meaning:
//!
//! ```text
//!      0      8  "yuanpu" 0x1A 0x0A
//!      8      2  format version
//!     10      1  n, the size of the next field
//!     11      n  the program that made the file, UTF-8
//!   11+n      4  size of the front, behind which the store crate's pages begin
//!   15+n      4  checksum of bytes 0 to 15+n
//! ```

/// The newest format that this program reads, and the one it writes.
pub const FORMAT_VERSION: u16 = 1;
/// The kind byte of a framed catalogue.
pub const CATALOGUE_KIND: u8 = 254;
/// The kind byte of a framed directory.
pub const DIRECTORY_KIND: u8 = 255;
/// The greatest size of one chunk, catalogue or log record, in bytes.
pub const MAXIMUM_PAYLOAD_BYTES: u64 = 1 << 30;
/// The first bytes of every database file.
const MAGIC: [u8; 8] = *b"yuanpu\x1a\n";
/// The greatest size of a header in bytes.
pub const HEADER_LIMIT_BYTES: usize = 19 + 255;
/// Where the front's records begin, behind header and mark.
pub const FRONT_HEAD_BYTES: u32 = 4096;
/// The greatest size of a front in bytes.
pub const FRONT_LIMIT_BYTES: u32 = 1 << 26;
const TAIL_SIZE: usize = 40;
const RECORD_HEAD_SIZE: usize = 12;

/// Puts a payload into its frame; `key` begins with the kind unless it is the store's own.
pub fn frame(kind: u8, key: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(10 + key.len() + payload.len());
    bytes.push(kind);
    bytes.push(key.len() as u8);
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&bytes), payload);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Returns the checksum that [`frame`] would write, without copying the payload.
pub fn frame_checksum(kind: u8, key: &[u8], payload: &[u8]) -> u32 {
    let mut head = [0; 32];
    head[0] = kind;
    head[1] = key.len() as u8;
    head[2..2 + key.len()].copy_from_slice(key);
    head[2 + key.len()..6 + key.len()].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head[..6 + key.len()]), payload)
}

/// What a frame holds, once its checksum is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framed<'a> {
    /// The payload.
    pub payload: &'a [u8],
    /// The checksum, which the directory repeats.
    pub checksum: u32,
}

/// Takes a payload out of its frame.
///
/// # Errors
/// In words, if the frame is not that of this kind and key, or its length or checksum is not right.
pub fn unframe<'a>(kind: u8, key: &[u8], bytes: &'a [u8]) -> Result<Framed<'a>, String> {
    let head_size = 10 + key.len();
    if bytes.len() < head_size {
        return Err(format!("{} bytes are too few for a frame", bytes.len()));
    }
    if bytes[0] != kind || usize::from(bytes[1]) != key.len() || &bytes[2..2 + key.len()] != key {
        return Err("the frame is that of another chunk".to_string());
    }
    let (head, payload) = bytes.split_at(head_size);
    let length = read_u32(head, 2 + key.len());
    if length as usize != payload.len() {
        return Err(format!("{} bytes where {length} were written", payload.len()));
    }
    let checksum = read_u32(head, 6 + key.len());
    if crc32c::crc32c_append(crc32c::crc32c(&head[..6 + key.len()]), payload) != checksum {
        return Err("the checksum is wrong".to_string());
    }
    Ok(Framed { payload, checksum })
}

/// The state of the log: which checkpoint it follows, and how far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tail {
    /// The number of the checkpoint that the log follows; 0 before the first.
    pub checkpoint: u64,
    /// The last commit that the checkpoint holds.
    pub base: u64,
    /// The last commit.
    pub last: u64,
    /// The payload bytes of the log's records.
    pub log_bytes: u64,
    /// The chain of the last record; 0 for an empty log.
    pub chain: u32,
}

impl Tail {
    /// Returns the tail's bytes.
    pub fn encode(&self) -> [u8; TAIL_SIZE] {
        let mut bytes = [0; TAIL_SIZE];
        for (index, number) in [self.checkpoint, self.base, self.last, self.log_bytes].into_iter().enumerate() {
            bytes[8 * index..8 * index + 8].copy_from_slice(&number.to_le_bytes());
        }
        bytes[32..36].copy_from_slice(&self.chain.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads a tail.
    ///
    /// # Errors
    /// In words, if the bytes are not a tail.
    pub fn decode(bytes: &[u8]) -> Result<Tail, String> {
        if bytes.len() != TAIL_SIZE || crc32c::crc32c(&bytes[..36]) != read_u32(bytes, 36) {
            return Err("the log's tail has a wrong checksum".to_string());
        }
        let tail = Tail {
            checkpoint: read_u64(bytes, 0),
            base: read_u64(bytes, 8),
            last: read_u64(bytes, 16),
            log_bytes: read_u64(bytes, 24),
            chain: read_u32(bytes, 32),
        };
        if tail.base > tail.last {
            return Err("the log's tail ends before it begins".to_string());
        }
        Ok(tail)
    }

    /// Returns the tail after one more record.
    pub fn after(&self, payload: &[u8]) -> Tail {
        let last = self.last + 1;
        Tail {
            last,
            log_bytes: self.log_bytes + payload.len() as u64,
            chain: chain(self.chain, last, payload),
            ..*self
        }
    }

    /// Returns the tail of the empty log after the next checkpoint.
    pub fn after_checkpoint(&self) -> Tail {
        Tail { checkpoint: self.checkpoint + 1, base: self.last, last: self.last, log_bytes: 0, chain: 0 }
    }
}

fn chain(before: u32, sequence: u64, payload: &[u8]) -> u32 {
    let mut head = [0; 12];
    head[..4].copy_from_slice(&before.to_le_bytes());
    head[4..].copy_from_slice(&sequence.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), payload)
}

/// Frames a log record, whose place and chain the tail after it says.
pub fn frame_record(tail: &Tail, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(RECORD_HEAD_SIZE + payload.len());
    bytes.extend_from_slice(&tail.last.to_le_bytes());
    bytes.extend_from_slice(&tail.chain.to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Takes the payload out of the record that must follow `before`, and returns it with the tail after it.
///
/// # Errors
/// In words, if it is another record or its bytes changed.
pub fn unframe_record<'a>(before: &Tail, bytes: &'a [u8]) -> Result<(&'a [u8], Tail), String> {
    if bytes.len() < RECORD_HEAD_SIZE {
        return Err(format!("log record {} is cut off", before.last + 1));
    }
    let (head, payload) = bytes.split_at(RECORD_HEAD_SIZE);
    let after = before.after(payload);
    if read_u64(head, 0) != after.last || read_u32(head, 8) != after.chain {
        return Err(format!("log record {} has a wrong checksum", after.last));
    }
    Ok((payload, after))
}

/// Who made a file, in which format, and how large its front is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The format version.
    pub version: u16,
    /// The program that made the file.
    pub created_by: String,
    /// The size of the front in bytes.
    pub front_size: u32,
}

impl Header {
    /// Returns the header that this program writes; the front gets whole blocks, at least one for records.
    pub fn current(front_size: u32) -> Header {
        let blocks = front_size.clamp(2 * FRONT_HEAD_BYTES, FRONT_LIMIT_BYTES) / FRONT_HEAD_BYTES;
        let created_by = concat!("yuanpu ", env!("CARGO_PKG_VERSION")).to_string();
        Header { version: FORMAT_VERSION, created_by, front_size: blocks * FRONT_HEAD_BYTES }
    }

    /// Returns the header's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.push(self.created_by.len() as u8);
        bytes.extend_from_slice(self.created_by.as_bytes());
        bytes.extend_from_slice(&self.front_size.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads a header from the beginning of a file. That of a newer format is returned as far as it is understood, whatever its checksum.
    ///
    /// # Errors
    /// [`BadHeader`], if it is not one of ours or its bytes changed.
    pub fn decode(bytes: &[u8]) -> Result<Header, BadHeader> {
        if bytes.len() < MAGIC.len() {
            return Err(if MAGIC.starts_with(bytes) { BadHeader::CutOff } else { BadHeader::Foreign });
        }
        if bytes[..8] != MAGIC {
            return Err(BadHeader::Foreign);
        }
        if bytes.len() < 11 {
            return Err(BadHeader::CutOff);
        }
        let version = u16::from_le_bytes([bytes[8], bytes[9]]);
        let name_end = 11 + usize::from(bytes[10]);
        let created_by = bytes.get(11..name_end).map(|name| String::from_utf8_lossy(name).into_owned());
        if version > FORMAT_VERSION {
            let created_by = created_by.unwrap_or_else(|| "a newer program".to_string());
            return Ok(Header { version, created_by, front_size: 0 });
        }
        let (Some(created_by), true) = (created_by, bytes.len() >= name_end + 8) else {
            return Err(BadHeader::CutOff);
        };
        if version == 0 || crc32c::crc32c(&bytes[..name_end + 4]) != read_u32(bytes, name_end + 4) {
            return Err(BadHeader::Damaged);
        }
        let header = Header { version, created_by, front_size: read_u32(bytes, name_end) };
        if header.front_size != Header::current(header.front_size).front_size {
            return Err(BadHeader::Damaged);
        }
        Ok(header)
    }
}

/// Why bytes are not a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHeader {
    /// They are something else.
    Foreign,
    /// They are the beginning of one.
    CutOff,
    /// They were one once.
    Damaged,
}

/// Reads a little-endian u32; the caller has checked that it is there.
pub(super) fn read_u32(bytes: &[u8], offset: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(number)
}

/// Reads a little-endian u64; the caller has checked that it is there.
pub(super) fn read_u64(bytes: &[u8], offset: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[offset..offset + 8]);
    u64::from_le_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_keeps_its_payload_and_notices_every_flipped_bit() {
        let key = [7, 0, 0, 0, 1];
        let bytes = frame(7, &key, b"payload");
        let framed = unframe(7, &key, &bytes).unwrap();
        assert_eq!(framed.payload, b"payload");
        assert_eq!(framed.checksum, frame_checksum(7, &key, b"payload"));
        assert!(unframe(7, &[7, 0, 0, 0, 2], &bytes).is_err());
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unframe(7, &key, &flipped).is_err(), "bit {bit}");
        }
        for size in 0..bytes.len() {
            assert!(unframe(7, &key, &bytes[..size]).is_err(), "{size} bytes");
        }
    }

    #[test]
    fn the_chain_notices_a_missing_a_changed_and_a_repeated_record() {
        let start = Tail { checkpoint: 3, base: 10, last: 10, log_bytes: 0, chain: 0 };
        let first = start.after(b"one");
        let second = first.after(b"two");
        let records = [frame_record(&first, b"one"), frame_record(&second, b"two")];
        assert_eq!(unframe_record(&start, &records[0]), Ok((&b"one"[..], first)));
        assert_eq!(unframe_record(&first, &records[1]), Ok((&b"two"[..], second)));
        assert!(unframe_record(&start, &records[1]).is_err());
        assert!(unframe_record(&first, &records[0]).is_err());
        assert_eq!(Tail::decode(&second.encode()), Ok(second));
        for bit in 0..TAIL_SIZE * 8 {
            let mut flipped = second.encode();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Tail::decode(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_header_says_its_version_even_to_an_older_program() {
        let header = Header::current(1 << 20);
        let bytes = header.encode();
        assert_eq!(Header::decode(&bytes), Ok(header.clone()));
        assert_eq!(Header::decode(&[&bytes[..], &[0; 300]].concat()), Ok(header));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::decode(&flipped).map_or(true, |header| header.version > FORMAT_VERSION), "bit {bit}");
        }
        for size in 0..bytes.len() {
            assert_eq!(Header::decode(&bytes[..size]), Err(BadHeader::CutOff), "{size} bytes");
        }
        let newer = Header { version: FORMAT_VERSION + 1, created_by: "yuanpu 9".to_string(), front_size: 0 };
        let mut bytes = newer.encode();
        bytes.truncate(bytes.len() - 7);
        assert_eq!(Header::decode(&bytes), Ok(newer));
        assert_eq!(Header::decode(b"something else"), Err(BadHeader::Foreign));
        assert_eq!(Header::decode(b"short"), Err(BadHeader::Foreign));
    }
}
