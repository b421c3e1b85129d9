//! The loopback server with a small account behind it, for `cargo xtask demo`.
//!
//! Prints the address on one line and serves until standard input ends.

use std::io;
use std::sync::{Mutex, PoisonError};

use tests::demo::Account;
use tests::server::LoopbackServer;

fn main() -> io::Result<()> {
    let account = Mutex::new(Account::new());
    let server = LoopbackServer::start_with(move |request| {
        account
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .answer(request)
    })?;
    println!("listening on {}", server.url());
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    Ok(())
}
