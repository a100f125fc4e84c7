import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../testing/until.ts';
import type { Presence } from '../Presence.ts';

/** The presence of two processes; the same one twice within one process. */
export interface OpenedPresence {
  here: Presence;
  there: Presence;
  cleanup(): Promise<void>;
}

export const idsIn = async (presence: Presence, group: string): Promise<string> => (await presence.membersOf(group)).map(({ id }) => id).toSorted().join(' ');

/** The conformance suite that every adapter of Presence passes. */
export function describePresenceConformance(name: string, open: () => Promise<OpenedPresence>): void {
  describe(`${name} as Presence`, () => {
    let opened: OpenedPresence;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    it('knows who is in a group, in every process, until they leave', async () => {
      const { here, there } = opened;
      here.enter('physics', { id: 'a', userId: 'ada' });
      there.enter('physics', { id: 'b', userId: 'ben' });
      there.enter('chemistry', { id: 'c', userId: 'cleo' });
      for (const presence of [here, there]) await until('both', async () => (await idsIn(presence, 'physics')) === 'a b');
      here.leave('physics', 'a');
      for (const presence of [here, there]) await until('the one who is left', async () => (await idsIn(presence, 'physics')) === 'b');
      expect(await idsIn(here, 'history')).toBe('');
    });

    it('counts a person with several pages once', async () => {
      const { here, there } = opened;
      here.enter('physics', { id: 'a1', userId: 'ada' });
      there.enter('physics', { id: 'a2', userId: 'ada' });
      there.enter('physics', { id: 'b', userId: 'ben' });
      for (const presence of [here, there]) await until('all pages', async () => (await idsIn(presence, 'physics')) === 'a1 a2 b');
      expect([await here.countPeople('physics'), await there.countPeople('physics')]).toEqual([2, 2]);
    });

    it('keeps the last of what happens quickly', async () => {
      const { here, there } = opened;
      for (let i = 0; i < 20; i += 1) {
        here.enter('physics', { id: 'a', userId: 'ada' });
        here.leave('physics', 'a');
      }
      here.enter('physics', { id: 'b', userId: 'ben' });
      await until('the last', async () => (await idsIn(there, 'physics')) === 'b');
    });

    it('forgets the members of a process that closes', async () => {
      const { here, there } = opened;
      here.enter('physics', { id: 'a', userId: 'ada' });
      await until('the member', async () => (await idsIn(there, 'physics')) === 'a');
      await here.close();
      await until('nobody', async () => (await idsIn(there, 'physics')) === '');
    });
  });
}
