//! A line to a server, which a test can cut and mend.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

/// A port of its own that leads to a server, for as long as it is not cut.
pub(crate) struct Line {
    /// Where it begins: host and port.
    pub(crate) address: String,
    server: String,
    forwarding: Mutex<JoinHandle<()>>,
    open: Connections,
    hush: Arc<Notify>,
}

type Connections = Arc<std::sync::Mutex<Vec<JoinHandle<()>>>>;

impl Line {
    pub(crate) async fn to(server: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let open = Connections::default();
        let hush = Arc::new(Notify::new());
        let forwarded = forward(listener, server.to_owned(), Arc::clone(&open), Arc::clone(&hush));
        Self { address, server: server.to_owned(), forwarding: Mutex::new(tokio::spawn(forwarded)), open, hush }
    }

    /// Breaks every connection, and refuses new ones.
    pub(crate) async fn cut(&self) {
        let mut forwarding = self.forwarding.lock().await;
        forwarding.abort();
        // Waiting for the end of the task makes sure that nobody listens any more.
        let _ = (&mut *forwarding).await;
        let connections: Vec<_> = self.open.lock().expect("nobody panicked").drain(..).collect();
        for connection in connections {
            connection.abort();
            let _ = connection.await;
        }
    }

    /// Lets nothing through any more on the connections there are, and breaks none of them.
    pub(crate) fn hush(&self) {
        self.hush.notify_waiters();
    }

    /// Leads to the server again, from the same port.
    pub(crate) async fn mend(&self) {
        let address: SocketAddr = self.address.parse().expect("an address");
        let listener = TcpListener::bind(address).await.expect("the same port");
        let again = forward(listener, self.server.clone(), Arc::clone(&self.open), Arc::clone(&self.hush));
        *self.forwarding.lock().await = tokio::spawn(again);
    }
}

async fn forward(listener: TcpListener, server: String, open: Connections, hush: Arc<Notify>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let (server, hush) = (server.clone(), Arc::clone(&hush));
        let connection = tokio::spawn(async move {
            if let Ok(mut stream) = TcpStream::connect(server).await {
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut stream) => {}
                    () = hush.notified() => std::future::pending().await,
                }
            }
        });
        open.lock().expect("nobody panicked").push(connection);
    }
}
