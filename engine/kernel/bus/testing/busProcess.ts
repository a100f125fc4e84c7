// A process with a bus, for tests: `node busProcess.ts <redis url>`. It prints each number that it receives, `missed`, and
// `ready`; it owns `other` of `test.double`; and it publishes each number that it reads, one a line.
import { createInterface } from 'node:readline';
import { systemClock } from '../../Clock.ts';
import { createLogger } from '../../Logger.ts';
import { openBus } from '../openBus.ts';
import { doubling, numbers, texts } from './busTopics.ts';

const say = (word: string | number) => void process.stdout.write(`${word}\n`);
const { bus } = await openBus({ redisUrl: process.argv[2], clock: systemClock, logger: createLogger({ level: 'silent' }) });
await bus.subscribe(numbers, { onMessage: say, onMissed: () => say('missed') });
await bus.subscribe(texts, { onMessage: () => undefined, onMissed: () => undefined });
await bus.serve(doubling, 'other', (number) => number * 2);
say('ready');
createInterface({ input: process.stdin })
  .on('line', (line) => bus.publish(numbers, Number(line)))
  .on('close', () => process.exit(0));
