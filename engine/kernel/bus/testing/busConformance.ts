import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CodedError } from '../../../contract/index.ts';
import { until } from '../../../testing/until.ts';
import type { Bus, Unsubscribe } from '../Bus.ts';
import { endpoint, topic } from '../Bus.ts';
import { maxMessageBytes, maxQueuedMessages } from '../limits.ts';
import { doubling, numbers, texts } from './busTopics.ts';

/** Long: it ends a hang. */
export const longDeadline = { deadlineMs: 30_000 };
const shortDeadline = { deadlineMs: 300 };

/** What one subscriber received. */
export class Inbox<T> {
  readonly received: T[] = [];
  missed = 0;

  onMessage(message: T): void | Promise<void> {
    this.received.push(message);
  }

  onMissed(): void {
    this.missed += 1;
  }
}

/** The buses of two processes of one installation; the same one twice for a bus within a process. */
export interface OpenedBuses {
  here: Bus;
  there: Bus;
  cleanup(): Promise<void>;
}

/** The conformance suite that every adapter of the Bus port passes. Each test opens its own buses. */
export function describeBusConformance(name: string, open: () => Promise<OpenedBuses>): void {
  describe(`${name} as a Bus`, () => {
    let buses: OpenedBuses;
    const stops: Unsubscribe[] = [];
    beforeEach(async () => {
      buses = await open();
    });
    afterEach(async () => {
      for (const stop of stops.splice(0)) stop();
      await buses.cleanup();
    });
    const inboxOf = async (bus: Bus) => {
      const inbox = new Inbox<number>();
      stops.push(await bus.subscribe(numbers, inbox));
      return inbox;
    };

    describe('publish', () => {
      it('reaches every subscriber of the topic in every process, each once', async () => {
        const inboxes = [await inboxOf(buses.here), await inboxOf(buses.here), await inboxOf(buses.there)];
        buses.here.publish(numbers, 7);
        for (const { received } of inboxes) await until('the message', () => received.length > 0);
        buses.there.publish(numbers, 8);
        for (const { received } of inboxes) await until('the answer', () => received.length > 1);
        expect(inboxes.map(({ received, missed }) => [received, missed])).toEqual([[[7, 8], 0], [[7, 8], 0], [[7, 8], 0]]);
      });

      it('keeps the order of a publisher', async () => {
        const inbox = await inboxOf(buses.there);
        const sent = Array.from({ length: 200 }, (_, i) => i);
        for (const number of sent) buses.here.publish(numbers, number);
        await until('all of them', () => inbox.received.length === sent.length);
        expect(inbox.received).toEqual(sent);
      });

      it('does not run a subscriber before it returns', async () => {
        const inbox = await inboxOf(buses.here);
        buses.here.publish(numbers, 1);
        expect(inbox.received).toEqual([]);
        await until('the message', () => inbox.received.length > 0);
      });

      it('leaves out other topics and those who have unsubscribed', async () => {
        const gone = new Inbox<number>();
        const stop = await buses.there.subscribe(numbers, gone);
        const inbox = await inboxOf(buses.there);
        stop();
        buses.here.publish(texts, 'of another topic');
        buses.here.publish(numbers, 1);
        await until('the message', () => inbox.received.length > 0);
        expect([inbox.received, gone.received]).toEqual([[1], []]);
      });

      it('refuses a message that is too large or does not fit its topic, and sends nothing of it', async () => {
        const inbox = new Inbox<string>();
        stops.push(await buses.there.subscribe(texts, inbox));
        expect(() => buses.here.publish(texts, 'x'.repeat(maxMessageBytes))).toThrow(expect.objectContaining({ code: 'request.tooLarge' }) as Error);
        // @ts-expect-error not a text
        expect(() => buses.here.publish(texts, 7)).toThrow();
        const largest = 'x'.repeat(maxMessageBytes - 2);
        buses.here.publish(texts, largest);
        await until('the largest message', () => inbox.received.length > 0);
        expect(inbox.received[0] === largest).toBe(true);
        expect(inbox.missed).toBe(0);
      });

      it('gives each subscriber a message of its own', async () => {
        const lists = topic('test.lists', z.array(z.int()));
        const seen: number[][] = [];
        const subscriber = { onMessage: (list: number[]) => void (list.push(0), seen.push(list)), onMissed: () => undefined };
        stops.push(await buses.here.subscribe(lists, subscriber), await buses.here.subscribe(lists, subscriber));
        const sent = [1];
        buses.here.publish(lists, sent);
        await until('both', () => seen.length === 2);
        expect([seen, sent]).toEqual([[[1, 0], [1, 0]], [1]]);
      });
    });

    describe('a subscriber', () => {
      it('that fails still receives the next message', async () => {
        const received: number[] = [];
        const onMessage = (number: number) => {
          received.push(number);
          throw new Error('a bug');
        };
        stops.push(await buses.there.subscribe(numbers, { onMessage, onMissed: () => undefined }));
        for (const number of [1, 2]) buses.here.publish(numbers, number);
        await until('both', () => received.length === 2);
      });

      it('that is too slow for its messages is notified that it has missed some, and delays nobody', async () => {
        const release = Promise.withResolvers<void>();
        const log: (number | 'missed')[] = [];
        const onMessage = async (number: number) => {
          log.push(number);
          await release.promise;
        };
        stops.push(await buses.there.subscribe(numbers, { onMessage, onMissed: () => void log.push('missed') }));
        const quick = await inboxOf(buses.there);
        buses.here.publish(numbers, 0);
        await until('the first message', () => log.length === 1);
        const count = maxQueuedMessages + 10;
        for (let number = 1; number < count; number += 1) {
          buses.here.publish(numbers, number);
          if (number % 100 === 0) await until('the quick one', () => quick.received.at(-1) === number);
        }
        await until('the quick one', () => quick.received.at(-1) === count - 1);
        expect(quick).toMatchObject({ missed: 0, received: { length: count } });
        release.resolve();
        await until('the notification', () => log.includes('missed'));
        expect(log.slice(0, 2)).toEqual([0, 'missed']);
        buses.here.publish(numbers, count);
        await until('the next message', () => log.at(-1) === count);
      });
    });

    describe('a request', () => {
      const serve = async (bus: Bus, id: string, handler: (number: number) => number | Promise<number>) => void stops.push(await bus.serve(doubling, id, handler));

      it('is answered by the owner, in this process or another', async () => {
        await serve(buses.there, 'one', (number) => number * 2);
        expect(await buses.here.request(doubling, 'one', { data: 21, ...longDeadline })).toBe(42);
        expect(await buses.there.request(doubling, 'one', { data: 4, ...longDeadline })).toBe(8);
      });

      it('of one thing does not reach the owner of another, also with many at once', async () => {
        await serve(buses.there, 'one', (number) => number * 2);
        await serve(buses.here, 'two', (number) => number * 2 + 1000);
        const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => buses.here.request(doubling, i % 2 === 0 ? 'one' : 'two', { data: i, ...longDeadline })));
        expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => i * 2 + (i % 2 === 0 ? 0 : 1000)));
      });

      it('fails at once when nobody owns it, also after the owner has let go', async () => {
        await expect(buses.here.request(doubling, 'nobody', { data: 1, ...longDeadline })).rejects.toMatchObject({ code: 'owner.notFound' });
        const stop = await buses.there.serve(doubling, 'one', (number) => number);
        stop();
        await until('the end', () => buses.here.request(doubling, 'one', { data: 1, ...longDeadline }).then(() => false, (err: unknown) => err instanceof CodedError && err.code === 'owner.notFound'));
      });

      it('fails after its deadline when the owner does not respond', async () => {
        await serve(buses.there, 'one', () => new Promise<number>(() => undefined));
        await expect(buses.here.request(doubling, 'one', { data: 1, ...shortDeadline })).rejects.toMatchObject({ code: 'owner.timedOut' });
      });

      it('fails as the owner fails, with its code, message and details', async () => {
        await serve(buses.there, 'one', () => {
          throw new CodedError('lecture.ended', 'This lecture has ended.', { details: { lectureId: 'x' } });
        });
        const failure = buses.here.request(doubling, 'one', { data: 1, ...longDeadline });
        await expect(failure).rejects.toMatchObject({ name: 'CodedError', code: 'lecture.ended', message: 'This lecture has ended.', details: { lectureId: 'x' } });
      });

      it('fails as internal, without the reason, when the owner has a bug or answers with the wrong data', async () => {
        await serve(buses.there, 'one', () => {
          throw new Error('the password is secret');
        });
        const failure = await buses.here.request(doubling, 'one', { data: 1, ...longDeadline }).catch((err: unknown) => err);
        expect(failure).toMatchObject({ code: 'internal' });
        expect(JSON.stringify([failure, (failure as Error).message])).not.toContain('secret');
      });

      it('that is too large or does not fit is refused before it is sent', async () => {
        const requests: string[] = [];
        const telling = endpoint('test.tell', { request: z.string(), response: z.null() });
        stops.push(await buses.there.serve(telling, 'one', (text) => (requests.push(text), null)));
        await expect(buses.here.request(telling, 'one', { data: 'x'.repeat(maxMessageBytes), ...longDeadline })).rejects.toMatchObject({ code: 'request.tooLarge' });
        // @ts-expect-error not a text
        await expect(buses.here.request(telling, 'one', { data: 7, ...longDeadline })).rejects.toThrow();
        expect(await buses.here.request(telling, 'one', { data: 'x', ...longDeadline })).toBeNull();
        expect(requests).toEqual(['x']);
      });

      it('has one owner in a process', async () => {
        await serve(buses.here, 'one', (number) => number);
        await expect(buses.here.serve(doubling, 'one', (number) => number)).rejects.toThrow('already');
      });
    });

    it('receives nothing after it is closed', async () => {
      const inbox = await inboxOf(buses.here);
      await buses.here.close();
      await buses.here.close();
      buses.here.publish(numbers, 1);
      await expect(buses.here.request(doubling, 'one', { data: 1, ...longDeadline })).rejects.toMatchObject({ code: 'bus.unavailable' });
      expect(inbox.received).toEqual([]);
    });
  });
}
