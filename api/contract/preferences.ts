import * as z from 'zod';

/** The languages of the pages and of mail. */
export const Language = z.enum(['en', 'es']);
export type Language = z.infer<typeof Language>;

/** Longer than the longest name in the time zone database, `America/Argentina/ComodRivadavia`. */
const maxTimeZoneLength = 64;

/** A time zone by its name in the IANA database: `Europe/Madrid`. */
export const TimeZone = z
  .string()
  .max(maxTimeZoneLength, { error: 'This is no time zone.', abort: true })
  .refine(isTimeZone, 'Choose a time zone of the IANA database, like Europe/Madrid.')
  // The names that every runtime knows; older names for the same zones are accepted as well.
  .meta({ enum: [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])], examples: ['Europe/Madrid', 'America/Bogota', 'UTC'] });
export type TimeZone = z.infer<typeof TimeZone>;

/** An offset, like `+02:00`, is no time zone: it does not know when summer time begins. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
