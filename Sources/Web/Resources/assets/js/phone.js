// The WebRTC side of a page: one connection, audio only. The server is ICE-lite and names its one address in the answer,
// so no STUN server is needed and our own candidates need not be waited for.

export class Phone {
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCRtpSender | null} */
  #sender = null;

  /**
   * @param {HTMLAudioElement} audio
   * @param {(state: "off" | "connecting" | "connected" | "failed") => void} changed
   * @param {(stream: MediaStream) => void} [heard]
   */
  constructor(audio, changed, heard) {
    this.audio = audio;
    this.changed = changed;
    this.heard = heard;
  }

  get isConnected() {
    return this.#connection?.connectionState === "connected";
  }

  /**
   * Begins a new connection and gives the offer for the server.
   * @param {MediaStream} microphone
   */
  async offer(microphone) {
    this.close();
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require", iceServers: [] });
    this.#connection = connection;
    connection.ontrack = ({ track, streams: [stream] }) => {
      const remote = stream ?? new MediaStream([track]);
      this.audio.srcObject = remote;
      this.audio.play().catch(() => {});
      this.heard?.(remote);
    };
    connection.onconnectionstatechange = () => this.#report(connection);
    this.#sender = connection.addTrack(microphone.getAudioTracks()[0], microphone);
    await connection.setLocalDescription(await connection.createOffer());
    this.changed("connecting");
    return connection.localDescription?.sdp ?? "";
  }

  /** @param {string} sdp */
  async answer(sdp) {
    if (this.#connection?.signalingState !== "have-local-offer") return;
    await this.#connection.setRemoteDescription({ type: "answer", sdp });
  }

  /**
   * Another microphone in the same connection.
   * @param {MediaStreamTrack} track
   */
  async replace(track) {
    await this.#sender?.replaceTrack(track);
  }

  /**
   * Sends keys as telephone events (RFC 4733). False: not possible here.
   * @param {string} digits
   */
  press(digits) {
    const keys = this.#sender?.dtmf;
    if (!keys?.canInsertDTMF) return false;
    keys.insertDTMF(keys.toneBuffer + digits, 120, 70);
    return true;
  }

  /** Packets received so far, and the share lost of the last seconds' ones. */
  async received() {
    let packets = 0, lost = 0, jitter = 0;
    (await this.#connection?.getStats())?.forEach(report => {
      if (report.type !== "inbound-rtp") return;
      packets += report.packetsReceived ?? 0;
      lost += report.packetsLost ?? 0;
      jitter = Math.max(jitter, report.jitter ?? 0);
    });
    return { packets, lost, jitter };
  }

  close() {
    const connection = this.#connection;
    this.#connection = null;
    this.#sender = null;
    if (!connection) return;
    connection.onconnectionstatechange = null;
    connection.close();
    this.audio.srcObject = null;
    this.changed("off");
  }

  /** @param {RTCPeerConnection} connection */
  #report(connection) {
    if (connection !== this.#connection) return;
    switch (connection.connectionState) {
      case "connected": return this.changed("connected");
      case "failed": case "closed": return this.changed("failed");
      default: return this.changed("connecting");
    }
  }
}
