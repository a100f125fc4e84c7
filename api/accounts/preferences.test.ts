import { describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';

const form = { email: 'sam@example.org', displayName: 'Sam', password: 'sam-has-a-password' };

describe('language and time zone', () => {
  it('are taken from the form of a person who signs up, and are those of the browser without it', async () => {
    const site = await startTestApi();
    const { account } = await site.browser().api.signup({ body: { ...form, language: 'es', timeZone: 'America/Bogota' } });
    expect(account).toMatchObject({ language: 'es', timeZone: 'America/Bogota' });
    const lena = await site.signup('lena');
    expect(await lena.api.getProfile()).toMatchObject({ language: null, timeZone: null });
  });

  it('change one by one, and can be given back to the browser', async () => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    expect(await sam.api.updateProfile({ body: { timeZone: 'Europe/Madrid' } })).toMatchObject({ displayName: 'sam', language: null, timeZone: 'Europe/Madrid' });
    expect(await sam.api.updateProfile({ body: { language: 'es' } })).toMatchObject({ language: 'es', timeZone: 'Europe/Madrid' });
    expect(await sam.api.updateProfile({ body: { language: null, timeZone: null } })).toMatchObject({ language: null, timeZone: null });
  });

  it.each(['Europe/Atlantis', '+02:00', 'UTC+2', '', 'Europe/Madrid; DROP TABLE', `Europe/${'a'.repeat(80)}`])('refuses %j as a time zone, and changes nothing', async (timeZone) => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.updateProfile({ body: { displayName: 'Samuel', timeZone } }))).toMatchObject({ code: 'request.invalid', errors: [{ path: 'timeZone' }] });
    expect(await sam.api.getProfile()).toMatchObject({ displayName: 'sam', timeZone: null });
  });

  it('refuses a language that the pages do not have', async () => {
    const site = await startTestApi();
    const sam = await site.signup('sam');
    expect(await refusal(sam.api.updateProfile({ body: { language: 'fr' as 'es' } }))).toMatchObject({ errors: [{ path: 'language' }] });
  });
});
