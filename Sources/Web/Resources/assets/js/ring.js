// A ringing phone: sound made on the spot, a flashing title, a notification where permitted.

export class Ring {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {Notification | null} */
  #notification = null;
  #title = document.title;

  /**
   * @param {string} caller
   * @param {string} about
   */
  start(caller, about) {
    this.stop();
    this.#sound();
    this.sounding = setInterval(() => this.#sound(), 3000);
    let on = false;
    this.flashing = setInterval(() => { document.title = (on = !on) ? `☎ ${caller}` : this.#title; }, 700);
    if ("Notification" in window && Notification.permission === "granted" && document.hidden) {
      this.#notification = new Notification(caller, { body: about, tag: "call", requireInteraction: true });
      this.#notification.onclick = () => { window.focus(); this.#notification?.close(); };
    }
  }

  stop() {
    clearInterval(this.sounding);
    clearInterval(this.flashing);
    document.title = this.#title;
    this.#notification?.close();
    this.#notification = null;
    this.#context?.close();
    this.#context = null;
  }

  /** Two soft notes, twice. */
  #sound() {
    const context = this.#context ??= new AudioContext();
    const start = context.currentTime + 0.02;
    [[0, 660], [0.18, 880], [0.55, 660], [0.73, 880]].forEach(([delay, frequency]) => {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start + delay);
      volume.gain.linearRampToValueAtTime(0.14, start + delay + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + delay + 0.32);
      tone.connect(volume).connect(context.destination);
      tone.start(start + delay);
      tone.stop(start + delay + 0.35);
    });
  }
}
