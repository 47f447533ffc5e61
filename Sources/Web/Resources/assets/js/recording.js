// A recording of the microphone as a WAV file: mono, 16 bits, at the rate of the sound card.

/** One recording, from `start` to `stop`. */
export class Recording {
  /** @type {Float32Array[]} */
  #blocks = [];
  #count = 0;

  /**
   * @param {MediaStream} stream
   * @param {number} limit seconds after which `full` is called
   * @param {() => void} full
   */
  constructor(stream, limit, full) {
    this.stream = stream;
    this.limit = limit;
    this.full = full;
    this.context = new AudioContext();
  }

  async start() {
    await this.context.audioWorklet.addModule("/assets/js/recording-worklet.js");
    const tap = new AudioWorkletNode(this.context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    tap.port.onmessage = event => this.#keep(event.data);
    this.context.createMediaStreamSource(this.stream).connect(tap);
    await this.context.resume();
  }

  get seconds() {
    return this.#count / this.context.sampleRate;
  }

  /** @param {Float32Array} block */
  #keep(block) {
    if (this.seconds >= this.limit) return;
    this.#blocks.push(block);
    this.#count += block.length;
    if (this.seconds >= this.limit) this.full();
  }

  /** Ends it: the WAV file. */
  async stop() {
    await this.context.close();
    return wav(this.#blocks, this.#count, this.context.sampleRate);
  }
}

/**
 * @param {Float32Array[]} blocks
 * @param {number} count samples in all blocks
 * @param {number} rate samples a second
 */
function wav(blocks, count, rate) {
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const words = (/** @type {number} */ at, /** @type {string} */ text) =>
    [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}
