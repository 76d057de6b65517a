//! A file that a command writes: it appears whole when all is written, and what stood there before stays if it is not.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::interrupt::Unfinished;

/// A file being written, beside the place where it is to stand.
#[derive(Debug)]
pub(super) struct OutputFile {
    writer: BufWriter<File>,
    /// Where it is written and where it is to stand; none for what is no ordinary file, which is written in place.
    places: Option<(Unfinished, PathBuf)>,
}

impl OutputFile {
    /// Begins a file in place of what stands at a path; none of the files in use may stand there.
    ///
    /// # Errors
    /// In words, if one of them does, or if nothing can be written there.
    pub(super) fn begin(path: &Path, in_use: &[&Path]) -> Result<OutputFile, String> {
        let name = path.display();
        let stands = path.canonicalize().ok();
        let is_there = |used: &&&Path| stands.is_some() && used.canonicalize().ok() == stands;
        if let Some(used) = in_use.iter().find(is_there) {
            return Err(format!("`{name}` is `{}`, which is being read; name another file", used.display()));
        }
        let refused = |error: io::Error| format!("`{name}` cannot be written: {error}");
        // A pipe or a device is written as it is; of a link, what it points to is replaced.
        if path.metadata().is_ok_and(|found| !found.is_file()) {
            let file = OpenOptions::new().write(true).open(path).map_err(refused)?;
            return Ok(OutputFile { writer: BufWriter::new(file), places: None });
        }
        let target = stands.unwrap_or_else(|| path.to_owned());
        let (file, beside) = beside(&target).map_err(refused)?;
        if let Ok(found) = target.metadata() {
            file.set_permissions(found.permissions()).map_err(refused)?;
        }
        Ok(OutputFile { writer: BufWriter::new(file), places: Some((Unfinished::new(&beside), target)) })
    }

    /// Lets the file stand where it is to stand.
    ///
    /// # Errors
    /// If the rest cannot be written, or the file cannot be moved there.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        match &self.places {
            Some((beside, target)) => std::fs::rename(beside.path(), target)?,
            None => return Ok(()),
        }
        self.places = None;
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if let Some((beside, _)) = &self.places {
            let _ = std::fs::remove_file(beside.path());
        }
    }
}

/// Makes a new file beside another, under a name that nobody has.
fn beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for attempt in 0_u32.. {
        let path = target.with_file_name(format!(".{name}.{}.{attempt}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (file, path)),
        }
    }
    Err(io::Error::other("every name is taken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_stays_until_all_is_written() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, "before").expect("it can be written");
        let mut given_up = OutputFile::begin(&path, &[]).expect("it can be written");
        given_up.write_all(b"half").expect("it is written");
        drop(given_up);
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "before");
        let mut whole = OutputFile::begin(&path, &[]).expect("it can be written");
        whole.write_all(b"after").expect("it is written");
        whole.finish().expect("it takes its place");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "after");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 1);
    }

    #[test]
    fn what_is_in_use_is_not_written_over() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("graph.yuanpu");
        std::fs::write(&path, "a graph").expect("it can be written");
        let other_way = folder.path().join(".").join("graph.yuanpu");
        let refused = OutputFile::begin(&other_way, &[&path]).expect_err("it is in use");
        assert!(refused.contains("is being read"), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "a graph");
    }
}
