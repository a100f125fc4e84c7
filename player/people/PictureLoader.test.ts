import { expect, it } from 'vitest';
import { maxAskedPeople } from '#api/contract';
import { ImageId, UserId } from '#engine/contract';
import { PictureLoader } from './PictureLoader.ts';

const person = (number: number) => UserId.parse(`usr_${String(number).padStart(20, '0')}`);
const face = ImageId.parse('img_00000000000000000001');

/** A loader whose timers run when the test says so. */
function makeLoader(answer: (userIds: UserId[]) => { userId: UserId; avatarId: ImageId | null }[]) {
  const asked: UserId[][] = [];
  const timers: { run: () => void; afterMs: number }[] = [];
  const loader = new PictureLoader({
    load: async (userIds) => {
      asked.push(userIds);
      return answer(userIds);
    },
    setTimer: (run, afterMs) => timers.push({ run, afterMs }),
  });
  const runTimers = async () => {
    for (const { run } of timers.splice(0)) run();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { loader, asked, timers, runTimers };
}

it('asks once for all people who appear together, and once for each', async () => {
  const { loader, asked, runTimers } = makeLoader((userIds) => userIds.filter((userId) => userId === person(2)).map((userId) => ({ userId, avatarId: face })));
  const [first, second] = [loader.of(person(1)), loader.of(person(2))];
  expect([first.value, second.value]).toEqual([null, null]);
  await runTimers();
  expect([first.value, second.value]).toEqual([null, face]);
  expect(loader.of(person(2))).toBe(second);
  await runTimers();
  expect(asked).toEqual([[person(1), person(2)]]);
});

it('divides a crowd into requests that the server accepts', async () => {
  const { loader, asked, runTimers } = makeLoader(() => []);
  for (let number = 0; number <= maxAskedPeople; number += 1) loader.of(person(number));
  await runTimers();
  expect(asked.map(({ length }) => length)).toEqual([maxAskedPeople, 1]);
});

it('asks again later after a failure, and no more when it is closed', async () => {
  let isFailing = true;
  const { loader, asked, timers, runTimers } = makeLoader((userIds) => {
    if (isFailing) throw new Error('the server is away');
    return userIds.map((userId) => ({ userId, avatarId: face }));
  });
  const picture = loader.of(person(1));
  await runTimers();
  expect([picture.value, timers.map(({ afterMs }) => afterMs)]).toEqual([null, [30_000]]);
  isFailing = false;
  await runTimers();
  expect([picture.value, asked.length]).toEqual([face, 2]);
  loader.of(person(2));
  loader.close();
  await runTimers();
  expect(asked).toHaveLength(2);
});
