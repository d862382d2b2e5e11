//! As much of a browser as the administrator's page needs, without JavaScript: one cookie, forms, redirects. It writes
//! down every address that it goes to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::error::WorldError;

/// An act waits for relays that do not answer.
const ANSWER_SECONDS: u64 = 120;

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The page as text.
    pub body: String,
    /// Where it came from: the path.
    pub path: String,
}

/// A browser with one site open.
#[derive(Clone, Debug)]
pub struct Browser {
    host: String,
    cookie: Option<String>,
    /// What it wants to read: the header `Accept-Language`.
    pub language: String,
    /// Paths that it went to.
    pub visited: Vec<String>,
}

impl Browser {
    /// A browser before it has opened `address`; and the path in it.
    #[must_use]
    pub fn new(address: &str) -> (Self, String) {
        let rest = address.strip_prefix("http://").unwrap_or(address);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let browser = Self { host: host.to_owned(), cookie: None, language: "en".to_owned(), visited: Vec::new() };
        (browser, format!("/{path}"))
    }

    /// Opens the one-time address and goes on to the first page.
    ///
    /// # Errors
    /// The connection fails, or there is no way on.
    pub fn open(address: &str) -> Result<(Self, Reply), WorldError> {
        let (mut browser, path) = Self::new(address);
        let opened = browser.go(&path)?;
        browser.cookie = opened.header("set-cookie").and_then(|value| value.split(';').next()).map(str::to_owned);
        let next = between(&opened.body, "content=\"0; url=", "\"").ok_or_else(|| opened.without("a way on"))?;
        let first = browser.go(&next)?;
        Ok((browser, first))
    }

    /// The site's `host:port`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The cookie that it brings, `name=value`.
    #[must_use]
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// Goes to a path of the site.
    ///
    /// # Errors
    /// The connection fails.
    pub fn go(&mut self, path: &str) -> Result<Reply, WorldError> {
        self.visited.push(path.to_owned());
        let reply = self.send("GET", path, &self.own_headers(), "")?;
        self.follow(reply)
    }

    /// Sends the form of `page` whose action ends with `action`, with these fields filled in or added.
    ///
    /// # Errors
    /// There is no such form, or the connection fails.
    pub fn submit(&mut self, page: &Reply, action: &str, fields: &[(&str, &str)]) -> Result<Reply, WorldError> {
        let (path, body) = page.form(action, fields)?;
        self.post(&path, &body)
    }

    /// Sends this body as a form of ours.
    ///
    /// # Errors
    /// The connection fails.
    pub fn post(&mut self, path: &str, body: &str) -> Result<Reply, WorldError> {
        self.visited.push(path.to_owned());
        let mut headers = self.own_headers();
        headers.push(("Origin", format!("http://{}", self.host)));
        headers.push(("Content-Type", "application/x-www-form-urlencoded".to_owned()));
        let reply = self.send("POST", path, &headers, body)?;
        self.follow(reply)
    }

    fn follow(&mut self, reply: Reply) -> Result<Reply, WorldError> {
        match reply.header("location").map(str::to_owned) {
            Some(next) if reply.status == 303 => self.go(&next),
            _ => Ok(reply),
        }
    }

    /// The headers that it sends of itself.
    #[must_use]
    pub fn own_headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Host", self.host.clone()), ("Accept-Language", self.language.clone())];
        headers.extend(self.cookie.clone().map(|cookie| ("Cookie", cookie)));
        headers
    }

    /// Sends exactly this, and follows nothing.
    ///
    /// # Errors
    /// The connection fails, or the answer is none.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, String)], body: &str) -> Result<Reply, WorldError> {
        let io = WorldError::io("talk to", &self.host);
        let talk = || {
            let mut stream = TcpStream::connect(&self.host)?;
            stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS)))?;
            let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = body.len();
            let head =
                format!("{method} {path} HTTP/1.1\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(String::from_utf8_lossy(&answer).into_owned())
        };
        let answer: String = talk().map_err(io)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Ok(Reply { status: status.unwrap_or(0), headers, body: body.to_owned(), path: path.to_owned() })
    }
}

impl Reply {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The text of the page without tags, and without the marks that keep directions apart.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (at, piece) in self.body.split('<').enumerate() {
            let rest = if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, rest)| rest) };
            text.push_str(rest);
        }
        let text = text.replace("&#39;", "'").replace("&quot;", "\"").replace("&#34;", "\"").replace("&amp;", "&");
        let plain: String = text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The address of the first link that ends with `end`.
    ///
    /// # Errors
    /// There is none.
    pub fn link(&self, end: &str) -> Result<String, WorldError> {
        let links = self.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut fitting = links.filter(|link| link.ends_with(end));
        fitting.next().map(str::to_owned).ok_or_else(|| self.without(&format!("a link to {end}")))
    }

    /// Path and body of a form: its hidden fields, and those given.
    ///
    /// # Errors
    /// There is no such form.
    pub fn form(&self, action: &str, fields: &[(&str, &str)]) -> Result<(String, String), WorldError> {
        for form in self.body.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let Some(path) = between(form, "action=\"", "\"").filter(|path| path.ends_with(action)) else { continue };
            let hidden = form
                .split("<input type=\"hidden\" ")
                .skip(1)
                .filter_map(|input| Some((between(input, "name=\"", "\"")?, between(input, "value=\"", "\"")?)));
            let given = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let pairs = hidden.chain(given).map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value)));
            return Ok((path, pairs.collect::<Vec<_>>().join("&")));
        }
        Err(self.without(&format!("a form to {action}")))
    }

    fn without(&self, wanted: &str) -> WorldError {
        WorldError::Unreadable {
            command: format!("the page {} ({})", self.path, self.status),
            wanted: wanted.to_owned(),
            answer: self.text(),
        }
    }
}

/// What stands between two marks.
#[must_use]
pub fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after)?.0.to_owned())
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
