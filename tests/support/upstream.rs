//! An api on a listener of its own, for what happens to pages whose api goes away.

use std::net::SocketAddr;

use jbl_chat::listen;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::chat::Chat;

/// An API that can be taken away from the pages in front of it, and given back.
pub(crate) struct Upstream {
    /// Where it is.
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Upstream {
    /// Serves the API of a chat, at this address.
    pub(crate) async fn start(chat: &Chat, address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("the address");
        let address = listener.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel();
        let router = api::http::router(chat.app.clone());
        let served = tokio::spawn(listen::run(listener, router, listen::MANY_STREAMS, async { drop(stopped.await) }));
        Self { address, stop, served }
    }

    /// Stops it, and says where it was.
    pub(crate) async fn stop(self) -> SocketAddr {
        self.stop.send(()).expect("it runs");
        self.served.await.expect("it stops");
        self.address
    }
}
