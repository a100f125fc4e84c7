import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { HangDetector } from './HangDetector.ts';

function open(answers: (question: number) => Promise<unknown>, isAtWork = () => false) {
  const clock = new ManualClock();
  const seen = { questions: 0, hangs: 0 };
  const watch = new HangDetector({ clock, ask: () => answers((seen.questions += 1)), isAtWork, onHung: () => (seen.hangs += 1) });
  /** Lets time pass as it does, with the answers in between. */
  const pass = async (ms: number, stepMs = 50) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      clock.advance(stepMs);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { clock, seen, watch, pass };
}

const never = new Promise<never>(() => undefined);

describe('The watch over a child process', () => {
  it('asks twice a second and is content with any answer, a refusal too', async () => {
    const { seen, pass } = open(async (question) => {
      if (question % 2 === 0) throw new Error('busy');
    });
    await pass(10_000);
    expect(seen.questions).toBeGreaterThan(15);
    expect(seen.hangs).toBe(0);
  });

  it('tells once, within two seconds, that no answer comes', async () => {
    const { seen, pass } = open((question) => (question < 3 ? Promise.resolve() : never));
    await pass(1500);
    expect(seen.hangs).toBe(0);
    await pass(1600);
    expect(seen.hangs).toBe(1);
    await pass(10_000);
    expect(seen).toEqual({ questions: 3, hangs: 1 });
  });

  it('gives one that is at work ten seconds', async () => {
    let answer: () => void = () => undefined;
    const starved = open(() => new Promise<void>((resolve) => (answer = resolve)), () => true);
    await starved.pass(9000);
    answer();
    await starved.pass(1000);
    expect(starved.seen).toEqual({ questions: 2, hangs: 0 });
    const spinning = open(() => never, () => true);
    await spinning.pass(11_000);
    expect(spinning.seen).toEqual({ questions: 1, hangs: 1 });
  });

  it('does not take a standstill of its own process for one of the other', async () => {
    let answer: () => void = () => undefined;
    const { seen, clock, pass } = open(() => new Promise<void>((resolve) => (answer = resolve)));
    await pass(500);
    clock.standStill(60_000);
    await pass(100);
    answer();
    await pass(400);
    expect(seen.hangs).toBe(0);
  });

  it('says nothing after it was closed', async () => {
    const { seen, watch, pass } = open(() => never);
    await pass(600);
    watch.close();
    await pass(10_000);
    expect(seen.hangs).toBe(0);
  });
});
