import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { HangDetector } from './HangDetector.ts';

function open(respond: (request: number) => Promise<unknown>, isBusy = () => false) {
  const clock = new ManualClock();
  const seen = { requests: 0, hangs: 0 };
  const detector = new HangDetector({ clock, request: () => respond((seen.requests += 1)), isBusy, onHung: () => (seen.hangs += 1) });
  /** Advances the clock in steps, with the responses in between. */
  const pass = async (ms: number, stepMs = 50) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      clock.advance(stepMs);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { clock, seen, detector, pass };
}

const never = new Promise<never>(() => undefined);

describe('HangDetector', () => {
  it('sends a request twice a second and accepts any response, a rejection included', async () => {
    const { seen, pass } = open(async (request) => {
      if (request % 2 === 0) throw new Error('busy');
    });
    await pass(10_000);
    expect(seen.requests).toBeGreaterThan(15);
    expect(seen.hangs).toBe(0);
  });

  it('reports once, within two seconds, that no response comes', async () => {
    const { seen, pass } = open((request) => (request < 3 ? Promise.resolve() : never));
    await pass(1500);
    expect(seen.hangs).toBe(0);
    await pass(1600);
    expect(seen.hangs).toBe(1);
    await pass(10_000);
    expect(seen).toEqual({ requests: 3, hangs: 1 });
  });

  it('gives a busy process ten seconds', async () => {
    let respond: () => void = () => undefined;
    const starved = open(() => new Promise<void>((resolve) => (respond = resolve)), () => true);
    await starved.pass(9000);
    respond();
    await starved.pass(1000);
    expect(starved.seen).toEqual({ requests: 2, hangs: 0 });
    const spinning = open(() => never, () => true);
    await spinning.pass(11_000);
    expect(spinning.seen).toEqual({ requests: 1, hangs: 1 });
  });

  it('does not take a pause of its own process for a hang of the other', async () => {
    let respond: () => void = () => undefined;
    const { seen, clock, pass } = open(() => new Promise<void>((resolve) => (respond = resolve)));
    await pass(500);
    clock.standStill(60_000);
    await pass(100);
    respond();
    await pass(400);
    expect(seen.hangs).toBe(0);
  });

  it('reports nothing after it was closed', async () => {
    const { seen, detector, pass } = open(() => never);
    await pass(600);
    detector.close();
    await pass(10_000);
    expect(seen.hangs).toBe(0);
  });
});
