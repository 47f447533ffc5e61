// The microphone: which one, how loud, and why there is none.

import { element, text } from "./page.js";

const remembered = "microphone";

/** How loud a stream is, as 0…100 of a level from −60 to 0 dB. */
export class LevelMeter {
  /** @type {AudioContext | null} */
  #context = null;

  /** @param {HTMLMeterElement} meter */
  constructor(meter) {
    this.meter = meter;
  }

  /** @param {MediaStream} stream */
  watch(stream) {
    this.stop();
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      if (context.state === "suspended") context.resume();
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.meter.value = Math.max(0, Math.min(100, (10 * Math.log10(power + 1e-9) + 60) * 100 / 60));
    }, 100);
  }

  stop() {
    clearInterval(this.timer);
    this.#context?.close();
    this.#context = null;
    this.meter.value = 0;
  }
}

export class Microphone {
  /** @type {MediaStream | null} */
  stream = null;
  #meter = new LevelMeter(element("level"));
  /** @type {HTMLSelectElement} */
  #choice = element("microphone");
  /** @type {HTMLInputElement} */
  #raw = element("raw");

  /** @param {() => void} changed called when another microphone or mode was chosen while one is open */
  constructor(changed) {
    this.#raw.checked = new URLSearchParams(location.search).get("raw") === "1";
    const reopen = () => {
      localStorage.setItem(remembered, this.#choice.value);
      if (this.stream) changed();
    };
    this.#choice.addEventListener("change", reopen);
    this.#raw.addEventListener("change", reopen);
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#list());
    this.#list();
  }

  get track() {
    return this.stream?.getAudioTracks()[0] ?? null;
  }

  /** Asks for the chosen microphone. Throws an Error whose message can be shown. */
  async open() {
    if (!navigator.mediaDevices) throw new Error(text("js_mic_insecure"));
    const processed = !this.#raw.checked;
    const wanted = this.#choice.value || localStorage.getItem(remembered) || "";
    /** @type {MediaTrackConstraints} */
    const audio = {
      echoCancellation: processed, noiseSuppression: processed, autoGainControl: processed, channelCount: 1,
    };
    if (wanted) audio.deviceId = wanted;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      this.close();
      this.stream = stream;
    } catch (error) {
      throw new Error(Microphone.#reason(error));
    }
    this.#meter.watch(this.stream);
    await this.#list();
  }

  close() {
    this.#meter.stop();
    this.stream?.getTracks().forEach(track => track.stop());
    this.stream = null;
  }

  /** Names of devices are known only after a microphone was allowed once. */
  async #list() {
    const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
    const inputs = devices.filter(device => device.kind === "audioinput" && device.deviceId && device.label);
    if (inputs.length === 0) return;
    const current = this.track?.getSettings().deviceId ?? localStorage.getItem(remembered) ?? "";
    this.#choice.replaceChildren(...inputs.map(device => new Option(
      device.label, device.deviceId, false, device.deviceId === current)));
  }

  /** @param {unknown} error */
  static #reason(error) {
    switch (error instanceof DOMException ? error.name : "") {
      case "NotAllowedError": return text("js_mic_denied");
      case "NotFoundError":
      case "OverconstrainedError": return text("js_mic_missing");
      case "NotReadableError": return text("js_mic_busy");
      default: return text("js_mic_failed", { error: String(error) });
    }
  }
}
