//! A real browser: Chromium without a window, driven by chromedriver, with scripts or without. Somebody sits at it,
//! clicks and types; what the page does is looked at through selectors.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::chat::{Chat, PASSWORD};
use super::{not_run_without, within};

/// How long a page may take over anything. A busy machine takes its time; a broken page takes for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// Chromium takes much memory: so many run at once.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scripts {
    On,
    Off,
}

/// What a window is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Whether it is touched with fingers.
    pub(crate) touched: bool,
}

impl Screen {
    pub(crate) const DESK: Self = Self { width: 1280, height: 800, touched: false };
    pub(crate) const PHONE: Self = Self { width: 390, height: 844, touched: true };
    pub(crate) const SMALL_PHONE: Self = Self { width: 320, height: 568, touched: true };
}

/// A browser with a fresh profile, and somebody at it.
pub(crate) struct Browser {
    /// The window; dropped first, which closes it.
    pub(crate) driver: WebDriver,
    /// Where the pages are.
    pub(crate) site: String,
    _turn: SemaphorePermit<'static>,
}

impl Browser {
    /// Opens an empty window. When this machine has no Chromium the test is called off, and says so.
    pub(crate) async fn open(site: &str, scripts: Scripts) -> Option<Self> {
        let driver = driver()?;
        let turn = TURNS.acquire().await.expect("turns are never closed");
        Some(Self::start(driver, site, scripts, turn).await)
    }

    /// Opens two windows. Both turns are taken at once, so that no two tests wait for each other's second window.
    pub(crate) async fn open_two(site: &str, scripts: Scripts) -> Option<[Self; 2]> {
        let driver = driver()?;
        let mut turns = TURNS.acquire_many(2).await.expect("turns are never closed");
        let turn = turns.split(1).expect("two turns");
        Some([Self::start(driver, site, scripts, turn).await, Self::start(driver, site, scripts, turns).await])
    }

    async fn start(driver: &Driver, site: &str, scripts: Scripts, turn: SemaphorePermit<'static>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let address = format!("http://127.0.0.1:{}", driver.port);
        let driver = WebDriver::new(address, wishes(scripts)).await.expect("chromedriver starts Chromium");
        let browser = Self { driver, site: site.to_owned(), _turn: turn };
        browser.turns_into(Screen::DESK).await;
        browser
    }

    /// Opens a window and logs somebody in through the form.
    pub(crate) async fn of(chat: &Chat, username: &str, scripts: Scripts) -> Option<Self> {
        let browser = Self::open(&chat.web_url, scripts).await?;
        browser.goes_to("/login").await;
        browser.logs_in(username).await;
        Some(browser)
    }

    /// Opens two windows and logs somebody in at each.
    pub(crate) async fn of_two(chat: &Chat, usernames: [&str; 2]) -> Option<[Self; 2]> {
        let browsers = Self::open_two(&chat.web_url, Scripts::On).await?;
        for (browser, username) in browsers.iter().zip(usernames) {
            browser.goes_to("/login").await;
            browser.logs_in(username).await;
        }
        Some(browsers)
    }

    /// Opens another tab of the same browser, which is looked at from then on.
    pub(crate) async fn opens_tab(&self, path: &str) -> WindowHandle {
        let tab = self.driver.new_tab().await.expect("a tab");
        self.looks_at(&tab).await;
        self.turns_into(Screen::DESK).await;
        self.goes_to(path).await;
        tab
    }

    /// The tab that is looked at.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.driver.window().await.expect("a tab")
    }

    /// Looks at another tab.
    pub(crate) async fn looks_at(&self, tab: &WindowHandle) {
        self.driver.switch_to_window(tab.clone()).await.expect("the tab");
    }

    /// Cuts the line of the tab that is looked at, or mends it.
    pub(crate) async fn is_offline(&self, offline: bool) {
        let network = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.enable", json!({})).await;
        self.cdp("Network.emulateNetworkConditions", network).await;
    }

    /// Waits until the page is live.
    pub(crate) async fn is_live(&self) {
        self.reads("[data-live=live]", "Live").await;
    }

    /// Fills in the log-in form that is on the screen.
    pub(crate) async fn logs_in(&self, username: &str) {
        self.types("#username", username).await;
        self.types("#password", PASSWORD).await;
        self.clicks(".login__submit").await;
        self.sees("nav a[href='/people']").await;
    }

    /// Makes the window another one.
    pub(crate) async fn turns_into(&self, screen: Screen) {
        let Screen { width, height, touched } = screen;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": touched });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        self.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": touched })).await;
    }

    /// Sets what the system's settings ask of pages, such as `prefers-color-scheme` with `dark`.
    pub(crate) async fn prefers(&self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// Says something to Chromium itself.
    pub(crate) async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(command, parameters).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Types an address.
    pub(crate) async fn goes_to(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.site)).await.expect("a page");
    }

    pub(crate) async fn reloads(&self) {
        self.driver.refresh().await.expect("the page again");
    }

    /// Path, query and fragment of the address bar.
    pub(crate) async fn address(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.as_str().strip_prefix(&self.site).unwrap_or(url.as_str()).to_owned()
    }

    /// Waits until such an element is visible.
    pub(crate) async fn sees(&self, selector: &str) -> WebElement {
        let query = self.driver.query(By::Css(selector)).wait(PATIENCE, Duration::from_millis(25));
        query.and_displayed().first().await.unwrap_or_else(|_| panic!("{selector} is nowhere to be seen"))
    }

    /// Waits until such an element says this.
    pub(crate) async fn reads(&self, selector: &str, words: &str) {
        self.waits(
            &format!("{selector} says {words:?}"),
            "return [...document.querySelectorAll(arguments[0])].some((e) => e.textContent.includes(arguments[1]))",
            json!([selector, words]),
        )
        .await;
    }

    /// Clicks on such an element.
    pub(crate) async fn clicks(&self, selector: &str) {
        let element = self.sees(selector).await;
        element.click().await.unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
    }

    /// Puts the cursor into a field and types.
    pub(crate) async fn types(&self, selector: &str, text: impl Into<TypingData>) {
        let element = self.sees(selector).await;
        element.send_keys(text).await.unwrap_or_else(|error| panic!("{selector} cannot be typed into: {error}"));
    }

    /// Presses keys wherever the cursor is.
    pub(crate) async fn presses(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.expect("a keyboard");
    }

    /// What a script gives; this works with the page's own scripts switched off, too.
    pub(crate) async fn asks(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        let answer = self.driver.execute(script, arguments).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits until a script gives true.
    pub(crate) async fn waits(&self, what: &str, script: &str, arguments: Value) {
        let done = async || self.asks(script, arguments.clone()).await == json!(true);
        within(PATIENCE, what, done).await;
    }

    /// What is in a field.
    pub(crate) async fn value(&self, selector: &str) -> String {
        let value = self.asks("return document.querySelector(arguments[0]).value", json!([selector])).await;
        value.as_str().expect("a field").to_owned()
    }

    /// The texts of the messages on the page, oldest first.
    pub(crate) async fn messages(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[id^=message-] [hx-ignore]')].map((e) => e.textContent)";
        serde_json::from_value(self.asks(script, json!([])).await).expect("texts")
    }

    /// How far the page is wider than the window, in pixels.
    pub(crate) async fn sideways(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.asks(script, json!([])).await.as_i64().expect("a width")
    }

    /// What the page complained about since one last asked: errors of scripts, violations of its policy, failed loads.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.expect("a log");
        log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect()
    }

    /// Closes the window; fails the test when a page complained about anything.
    pub(crate) async fn closes(self) {
        let complaints = self.complaints().await;
        assert!(complaints.is_empty(), "pages complained: {complaints:#?}");
        self.driver.clone().quit().await.expect("the window closes");
    }
}

/// Closes the window of a test that ended without doing so. The library would do that too, but over the connection
/// that it has, which needs the very thread that is waiting here.
impl Drop for Browser {
    fn drop(&mut self) {
        if self.driver.clone().leak().is_err() {
            return;
        }
        let session = format!("{}session/{}", self.driver.server_url(), self.driver.session_id());
        let closed = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().expect("a client");
                client.delete(session).send().await
            })
        });
        if let Ok(Err(error)) = closed.join() {
            eprintln!("a window was left open: {error}");
        }
    }
}

fn wishes(scripts: Scripts) -> ChromeCapabilities {
    let mut wishes = DesiredCapabilities::chrome();
    let set = |wishes: &mut ChromeCapabilities| -> WebDriverResult<()> {
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--lang=en-GB",
            // Nothing but this machine can be reached: a page that loads something from elsewhere complains.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ] {
            wishes.add_arg(argument)?;
        }
        if scripts == Scripts::Off {
            let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
            wishes.add_experimental_option("prefs", blocked)?;
        }
        wishes.set_browser_log_level(LoggingPrefsLogLevel::All)
    };
    set(&mut wishes).expect("wishes that can be written down");
    wishes
}

/// The one chromedriver of this run.
struct Driver {
    port: u16,
    /// Its standard input is a lifeline: when this run ends, however it ends, so do the driver and every browser.
    _shell: Child,
    /// Kept open, so that it can go on writing.
    output: BufReader<ChildStdout>,
}

fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    let driver = DRIVER.get_or_init(|| {
        let answers =
            |program: &str| Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
        let found = answers("chromedriver")
            && ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| answers(name));
        found.then(start)
    });
    if driver.is_none() {
        not_run_without("Chromium with chromedriver");
    }
    driver.as_ref()
}

/// Waits for the end of its standard input, and then clears away the driver, the browsers, and what they left in files.
const UNTIL_THE_END: &str = r#"
    TMPDIR=$(mktemp -d) && export TMPDIR
    chromedriver --port=0 2>/dev/null &
    read -r _
    trap "" TERM
    kill 0
    wait
    rm -rf "$TMPDIR"
"#;

fn start() -> Driver {
    let mut shell = Command::new("sh");
    shell.args(["-c", UNTIL_THE_END]).process_group(0);
    let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut driver = Driver { port: 0, output, _shell: child };
    let mut line = String::new();
    while driver.output.read_line(&mut line).is_ok_and(|length| length > 0) {
        let port = line.trim().strip_prefix("ChromeDriver was started successfully on port ");
        if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
            driver.port = port;
            return driver;
        }
        line.clear();
    }
    panic!("chromedriver does not say where it is");
}
