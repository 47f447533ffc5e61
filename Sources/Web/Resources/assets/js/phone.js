// The WebRTC side of a page: one connection, audio only. The server is ICE-lite and names its one address in the answer,
// so no STUN server is needed and our own candidates need not be waited for.

/** Bits a second of Opus, redundancy included: what the server's answer asks for. */
const speech = 40000;

/**
 * An answer after which the codec can be changed. Chromium 156 changes only to a codec that the answer describes exactly
 * as Chromium does itself, without packet times; what the server asks beyond that is lost, but `use` sets the bit rate.
 * @param {string} sdp
 */
export function changeable(sdp) {
  const opus = RTCRtpSender.getCapabilities("audio")?.codecs.find(({ mimeType }) => mimeType === "audio/opus");
  const type = /^a=rtpmap:(\d+) opus\//im.exec(sdp)?.[1];
  // Firefox describes stereo, which nobody wants, and needs no help.
  if (!type || !opus?.sdpFmtpLine || opus.sdpFmtpLine.includes("stereo")) return sdp;
  return sdp
    .replace(/^a=(max)?ptime:.*\r\n/gm, "")
    .replace(new RegExp(`^a=fmtp:${type} .*$`, "m"), `a=fmtp:${type} ${opus.sdpFmtpLine}`);
}

export class Phone {
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCRtpSender | null} */
  #sender = null;
  /** @type {Promise<void>} */
  #using = Promise.resolve();

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
   * Sends another of the codecs that were agreed on from now on, without a new offer. A browser that cannot goes on as
   * before, and the server transcodes.
   * @param {string} name as in SDP
   */
  use(name) {
    // One change after the other: Chromium refuses the second of two at once.
    this.#using = this.#using.then(() => this.#change(name)).catch(() => {});
    return this.#using;
  }

  /** @param {string} name */
  async #change(name) {
    const parameters = this.#sender?.getParameters();
    const codec = parameters?.codecs.find(({ mimeType }) => mimeType.toLowerCase() === `audio/${name.toLowerCase()}`);
    /** @type {(RTCRtpEncodingParameters & { codec?: RTCRtpCodecParameters }) | undefined} */
    const encoding = parameters?.encodings[0];
    if (!parameters || !codec || !encoding) return;
    encoding.codec = codec;
    // G.711 has one bit rate; asked for another Chromium refuses.
    if (codec.clockRate === 48000) encoding.maxBitrate = speech; else delete encoding.maxBitrate;
    await this.#sender?.setParameters(parameters);
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
