//! The table of C functions that SQLite calls. All decisions are `super`'s; here each function finds the real file and
//! the record of it.
//!
//! An open file is a block that SQLite allocates: a [`Wrapped`], then the real layer's own file.

#![expect(unsafe_code, reason = "SQLite's file layer is a table of C functions over raw pointers")]

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

use super::{Traced, delete, is_state, open};
use crate::trace::WeakTrace;

/// What `pAppData` points to; never freed.
struct Layer {
    real: *mut sqlite3_vfs,
    trace: WeakTrace,
}

/// The beginning of an open file. SQLite aligns it to eight bytes, and so is the real file after it.
#[repr(C)]
struct Wrapped {
    base: sqlite3_file,
    /// From `Box::into_raw`; null for a file that is not recorded.
    traced: *mut Traced,
}

const _: () = assert!(size_of::<Wrapped>().is_multiple_of(8));

/// A layer that SQLite knows.
pub(super) struct Registered {
    vfs: *mut sqlite3_vfs,
}

// SAFETY: the pointer is only given to `sqlite3_vfs_unregister`, which takes SQLite's own lock.
unsafe impl Send for Registered {}
// SAFETY: as above; nothing is done through a shared reference.
unsafe impl Sync for Registered {}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered").finish_non_exhaustive()
    }
}

impl Registered {
    pub(super) fn unregister(&mut self) {
        // SAFETY: `vfs` was registered by `register` and is never freed; to unregister it twice does nothing.
        let _code = unsafe { ffi::sqlite3_vfs_unregister(self.vfs) };
    }
}

/// Makes a layer of this name over the default one, `unix`.
pub(super) fn register(name: &str, trace: WeakTrace) -> io::Result<Registered> {
    let name = CString::new(name)?;
    // SAFETY: the name is a C string; the answer is null or a layer that is there as long as the process.
    let real = unsafe { ffi::sqlite3_vfs_find(c"unix".as_ptr()) };
    if real.is_null() {
        return Err(io::Error::other("SQLite has no unix file layer"));
    }
    // SAFETY: not null, and SQLite does not change a registered layer but for its link, which is not read here.
    let (real_file, path_max) = unsafe { ((*real).szOsFile, (*real).mxPathname) };
    let wrapped = c_int::try_from(size_of::<Wrapped>()).map_err(io::Error::other)?;
    let layer = Box::into_raw(Box::new(Layer { real, trace }));
    let vfs = Box::into_raw(Box::new(sqlite3_vfs {
        iVersion: 2,
        szOsFile: wrapped.saturating_add(real_file),
        mxPathname: path_max,
        pNext: ptr::null_mut(),
        zName: name.into_raw(),
        pAppData: layer.cast::<c_void>(),
        xOpen: Some(x_open),
        xDelete: Some(x_delete),
        xAccess: Some(x_access),
        xFullPathname: Some(x_full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(x_randomness),
        xSleep: Some(x_sleep),
        xCurrentTime: Some(x_current_time),
        xGetLastError: Some(x_get_last_error),
        xCurrentTimeInt64: Some(x_current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }));
    // SAFETY: `vfs` and all that it points to is never freed, and its functions keep the contract of `sqlite3_vfs`.
    let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
    if code != ffi::SQLITE_OK {
        return Err(io::Error::other("SQLite does not register the file layer"));
    }
    Ok(Registered { vfs })
}

/// The layer that SQLite calls.
///
/// # Safety
/// `vfs` is one that `register` made.
unsafe fn layer<'a>(vfs: *mut sqlite3_vfs) -> &'a Layer {
    // SAFETY: `pAppData` is `register`'s box, never freed and never changed.
    unsafe { &*(*vfs).pAppData.cast::<Layer>() }
}

/// The real file of an open one.
///
/// # Safety
/// `file` is a block of `szOsFile` bytes.
const unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: the block is a `Wrapped` and the real layer's bytes, so this is in it.
    unsafe { file.cast::<Wrapped>().add(1).cast::<sqlite3_file>() }
}

/// The record of an open file.
///
/// # Safety
/// `file` was opened by `x_open`, is not closed, and no other thread uses it: SQLite sees to that.
unsafe fn traced<'a>(file: *mut sqlite3_file) -> Option<&'a Traced> {
    // SAFETY: `x_open` wrote null or a box that `x_close` frees.
    unsafe { (*file.cast::<Wrapped>()).traced.as_ref() }
}

/// A path of SQLite's.
///
/// # Safety
/// `name` is a C string that outlives the path.
unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    // SAFETY: the caller's promise.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

/// Calls a function of the real file's table.
macro_rules! on_real_file {
    ($file:ident, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls functions of the table only between `x_open` and `x_close`, when the real file is open
        // and its table complete for version 2; the arguments are SQLite's own for the same function.
        unsafe {
            let real = real($file);
            match (*(*real).pMethods).$method {
                Some(method) => method(real $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

/// Calls a function of the real layer.
macro_rules! on_real_layer {
    ($vfs:ident, $method:ident, $otherwise:expr $(, $argument:expr)*) => {{
        // SAFETY: SQLite gives the layer that it calls, which `register` made; the real one is never freed; the
        // arguments are SQLite's own for the same function.
        unsafe {
            let real = layer($vfs).real;
            match (*real).$method {
                Some(method) => method(real $(, $argument)*),
                None => $otherwise,
            }
        }
    }};
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Version 3 is memory mapping, past which nothing could be recorded.
    iVersion: 2,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_file_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_check_reserved_lock),
    xFileControl: Some(x_file_control),
    xSectorSize: Some(x_sector_size),
    xDeviceCharacteristics: Some(x_device_characteristics),
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn x_open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let wrapped = file.cast::<Wrapped>();
    // SAFETY: SQLite gives a block of `szOsFile` bytes. A null table says that there is nothing to close.
    unsafe {
        wrapped.write(Wrapped { base: sqlite3_file { pMethods: ptr::null() }, traced: ptr::null_mut() });
        (*real(file)).pMethods = ptr::null();
    }
    // SAFETY: the real file lies in the block.
    let real_file = unsafe { real(file) };
    // `name` is passed on as it came, with the parameters that SQLite keeps behind it.
    let open_real = || on_real_layer!(vfs, xOpen, ffi::SQLITE_CANTOPEN, name, real_file, flags, flags_out);
    let opened = if name.is_null() || !is_state(flags) {
        let code = open_real();
        if code == ffi::SQLITE_OK { Ok(None) } else { Err(code) }
    } else {
        // SAFETY: `name` is not null and SQLite's C string; `vfs` is one of `register`'s.
        let (path, trace) = unsafe { (path(name), layer(vfs).trace.upgrade()) };
        trace.ok_or(ffi::SQLITE_CANTOPEN).and_then(|trace| open(trace, path, flags, open_real)).map(Some)
    };
    match opened {
        Ok(traced) => {
            let traced = traced.map_or_else(ptr::null_mut, |traced| Box::into_raw(Box::new(traced)));
            // SAFETY: as at the beginning.
            unsafe { wrapped.write(Wrapped { base: sqlite3_file { pMethods: &raw const METHODS }, traced }) };
            ffi::SQLITE_OK
        }
        Err(code) => {
            // SAFETY: a failed `xOpen` may leave a table, and then wants to be closed.
            unsafe {
                let real = real(file);
                if let Some(close) = (*real).pMethods.as_ref().and_then(|methods| methods.xClose) {
                    let _code = close(real);
                }
            }
            code
        }
    }
}

unsafe extern "C" fn x_close(file: *mut sqlite3_file) -> c_int {
    let code = on_real_file!(file, xClose);
    let wrapped = file.cast::<Wrapped>();
    // SAFETY: `x_open` wrote it, and SQLite closes a file once.
    unsafe {
        if !(*wrapped).traced.is_null() {
            drop(Box::from_raw((*wrapped).traced));
        }
        wrapped.write(Wrapped { base: sqlite3_file { pMethods: ptr::null() }, traced: ptr::null_mut() });
    }
    code
}

unsafe extern "C" fn x_read(file: *mut sqlite3_file, to: *mut c_void, n: c_int, offset: sqlite3_int64) -> c_int {
    on_real_file!(file, xRead, to, n, offset)
}

unsafe extern "C" fn x_write(file: *mut sqlite3_file, from: *const c_void, n: c_int, offset: sqlite3_int64) -> c_int {
    let Ok(len) = usize::try_from(n) else { return ffi::SQLITE_IOERR_WRITE };
    // SAFETY: an open file.
    let Some(traced) = (unsafe { traced(file) }) else { return on_real_file!(file, xWrite, from, n, offset) };
    // SAFETY: SQLite gives `n` bytes that nobody changes meanwhile.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), len) };
    traced.write(bytes, offset, |bytes| match c_int::try_from(bytes.len()) {
        Ok(n) => on_real_file!(file, xWrite, bytes.as_ptr().cast::<c_void>(), n, offset),
        Err(_) => ffi::SQLITE_IOERR_WRITE,
    })
}

unsafe extern "C" fn x_truncate(file: *mut sqlite3_file, len: sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let traced = unsafe { traced(file) };
    let cut = || on_real_file!(file, xTruncate, len);
    traced.map_or_else(cut, |traced| traced.truncate(len, cut))
}

unsafe extern "C" fn x_sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: an open file. What is not recorded is temporary, and never wants to be durable.
    unsafe { traced(file) }.map_or(ffi::SQLITE_OK, Traced::sync)
}

unsafe extern "C" fn x_file_size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    on_real_file!(file, xFileSize, size)
}

unsafe extern "C" fn x_lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    on_real_file!(file, xLock, level)
}

unsafe extern "C" fn x_unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    on_real_file!(file, xUnlock, level)
}

unsafe extern "C" fn x_check_reserved_lock(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    on_real_file!(file, xCheckReservedLock, answer)
}

unsafe extern "C" fn x_file_control(file: *mut sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    // With a chunk size the real layer would lengthen files on its own, past the record; mapping is not offered.
    if matches!(op, ffi::SQLITE_FCNTL_CHUNK_SIZE | ffi::SQLITE_FCNTL_MMAP_SIZE) {
        return ffi::SQLITE_NOTFOUND;
    }
    on_real_file!(file, xFileControl, op, argument)
}

unsafe extern "C" fn x_sector_size(file: *mut sqlite3_file) -> c_int {
    on_real_file!(file, xSectorSize)
}

unsafe extern "C" fn x_device_characteristics(file: *mut sqlite3_file) -> c_int {
    on_real_file!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn x_shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    page_bytes: c_int,
    extend: c_int,
    memory: *mut *mut c_void,
) -> c_int {
    on_real_file!(file, xShmMap, page, page_bytes, extend, memory)
}

unsafe extern "C" fn x_shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    on_real_file!(file, xShmLock, offset, n, flags)
}

unsafe extern "C" fn x_shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: an open file, as in `on_real_file!`.
    unsafe {
        let real = real(file);
        if let Some(barrier) = (*(*real).pMethods).xShmBarrier {
            barrier(real);
        }
    }
}

unsafe extern "C" fn x_shm_unmap(file: *mut sqlite3_file, delete_flag: c_int) -> c_int {
    on_real_file!(file, xShmUnmap, delete_flag)
}

unsafe extern "C" fn x_delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    // SAFETY: SQLite's C string, and a layer of `register`'s.
    let (path, trace) = unsafe { (path(name), layer(vfs).trace.upgrade()) };
    let Some(trace) = trace else { return ffi::SQLITE_IOERR_DELETE };
    delete(&trace, path, sync_dir & 1 != 0, || on_real_layer!(vfs, xDelete, ffi::SQLITE_IOERR_DELETE, name, 0))
}

unsafe extern "C" fn x_access(vfs: *mut sqlite3_vfs, name: *const c_char, flags: c_int, answer: *mut c_int) -> c_int {
    on_real_layer!(vfs, xAccess, ffi::SQLITE_IOERR_ACCESS, name, flags, answer)
}

unsafe extern "C" fn x_full_pathname(vfs: *mut sqlite3_vfs, name: *const c_char, n: c_int, full: *mut c_char) -> c_int {
    on_real_layer!(vfs, xFullPathname, ffi::SQLITE_CANTOPEN, name, n, full)
}

unsafe extern "C" fn x_randomness(vfs: *mut sqlite3_vfs, n: c_int, to: *mut c_char) -> c_int {
    on_real_layer!(vfs, xRandomness, 0, n, to)
}

unsafe extern "C" fn x_sleep(vfs: *mut sqlite3_vfs, microseconds: c_int) -> c_int {
    on_real_layer!(vfs, xSleep, 0, microseconds)
}

unsafe extern "C" fn x_current_time(vfs: *mut sqlite3_vfs, now: *mut f64) -> c_int {
    on_real_layer!(vfs, xCurrentTime, ffi::SQLITE_ERROR, now)
}

unsafe extern "C" fn x_get_last_error(vfs: *mut sqlite3_vfs, n: c_int, message: *mut c_char) -> c_int {
    on_real_layer!(vfs, xGetLastError, 0, n, message)
}

unsafe extern "C" fn x_current_time_int64(vfs: *mut sqlite3_vfs, now: *mut sqlite3_int64) -> c_int {
    on_real_layer!(vfs, xCurrentTimeInt64, ffi::SQLITE_ERROR, now)
}
