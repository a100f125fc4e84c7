import { signal } from '@preact/signals';
import { background } from '../app/background.ts';

const storageKey = 'lectern.handSound';
const tones = [{ hz: 660, atSeconds: 0 }, { hz: 880, atSeconds: 0.12 }];
const toneSeconds = 0.14;
const volume = 0.12;

function stored(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'on';
  } catch {
    return false;
  }
}

const isOn = signal(stored());

/** The sound of a raised hand, off until it is wanted. */
export const handSound = {
  isOn,
  set(wanted: boolean): void {
    isOn.value = wanted;
    try {
      localStorage.setItem(storageKey, wanted ? 'on' : 'off');
    } catch {
      // Without storage, the choice lasts until the page is closed.
    }
    if (wanted) handSound.play();
  },
  /** Two short tones. */
  play(): void {
    if (!isOn.peek()) return;
    const context = new AudioContext();
    for (const { hz, atSeconds } of tones) {
      const gain = new GainNode(context, { gain: volume });
      const oscillator = new OscillatorNode(context, { frequency: hz });
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(context.currentTime + atSeconds);
      oscillator.stop(context.currentTime + atSeconds + toneSeconds);
    }
    setTimeout(() => background(context.close()), 1000);
  },
};
