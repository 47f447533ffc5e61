// One WebSocket to the server: JSON both ways, comes back by itself when the line breaks.

/** Close codes after which trying again makes no sense (our own range, RFC 6455 §7.4.2). */
const final = new Set([4401, 4403, 4408]);

export class LiveSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #heard = 0;
  #stopped = false;

  /**
   * @param {string} path
   * @param {{
   *   message: (message: any) => void,
   *   open?: () => void,
   *   lost?: (retryInSeconds: number) => void,
   *   closed?: (code: number) => void,
   * }} listener
   */
  constructor(path, listener) {
    this.path = path;
    this.listener = listener;
    setInterval(() => this.#watch(), 5000);
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#retryNow(); });
    this.#connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {object} message */
  send(message) {
    if (this.isOpen) this.#socket?.send(JSON.stringify(message));
    return this.isOpen;
  }

  /** Ends it for good. */
  stop() {
    this.#stopped = true;
    this.#socket?.close(1000);
  }

  #connect() {
    this.#socket = null;
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => {
      this.#attempt = 0;
      this.#heard = Date.now();
      this.listener.open?.();
    };
    socket.onmessage = event => {
      this.#heard = Date.now();
      this.listener.message(JSON.parse(event.data));
    };
    socket.onclose = event => { if (this.#socket === socket) this.#ended(event.code); };
  }

  /** @param {number} code */
  #ended(code) {
    this.#socket = null;
    if (this.#stopped || final.has(code)) {
      this.#stopped = true;
      this.listener.closed?.(code);
      return;
    }
    // 0.3, 0.6, 1.2 … at most 10 s, spread, so that a restarted server is not stormed by all pages at once.
    const seconds = Math.min(10, 0.3 * 2 ** this.#attempt++) * (0.7 + 0.6 * Math.random());
    this.listener.lost?.(seconds);
    this.timer = setTimeout(() => this.#connect(), seconds * 1000);
  }

  #retryNow() {
    if (this.#socket || this.#stopped) return;
    clearTimeout(this.timer);
    this.#connect();
  }

  /** A dead line shows by silence: the server answers each ping. */
  #watch() {
    const socket = this.#socket;
    if (!socket) return;
    if (Date.now() - this.#heard > 15000) {
      socket.onclose = null;
      socket.close();
      this.#ended(1006);
    } else if (this.isOpen) {
      this.send({ type: "ping" });
    }
  }
}
