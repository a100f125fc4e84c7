import { describe, expect, it } from 'vitest';
import { hasAllRoles, Roles } from './roles.ts';

describe('The roles of a process', () => {
  it('are all of them by default', () => {
    expect(hasAllRoles(Roles.parse(undefined))).toBe(true);
  });

  it('are words separated by commas', () => {
    expect([...Roles.parse('api, delivery')]).toEqual(['api', 'delivery']);
    expect(hasAllRoles(Roles.parse('api, delivery'))).toBe(false);
  });

  it.each(['', 'API', 'live;api', 'live,', 'all'])('are not %j', (text) => {
    expect(Roles.safeParse(text).error?.issues[0]?.message).toContain('live, api, delivery, worker');
  });
});
