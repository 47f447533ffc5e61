// Hands over what the microphone gives, block by block (Web Audio API, AudioWorklet).

// What exists only in an audio worklet is not among the types of pages.
const scope = /** @type {any} */ (globalThis);

class Tap extends scope.AudioWorkletProcessor {
  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const block = inputs[0]?.[0];
    if (block) this.port.postMessage(block.slice());
    return true;
  }
}

scope.registerProcessor("tap", Tap);
