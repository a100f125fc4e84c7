import * as z from 'zod';
import { cleanText, Instant } from '#engine/contract';
import { maxBannerLength, maxSignupDomains, maxSiteNameLength, maxUploadGb } from './limits.ts';
import { route } from './route.ts';
import { typedLine } from './text.ts';

const Domain = z.string().trim().toLowerCase().max(253).regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, 'Enter a domain, like example.org.');
const days = (most: number) => z.number().int('Enter a whole number.').min(1, 'At least one day.').max(most, `At most ${most} days.`);

const price = z.number('Enter a number.').min(0, 'At least 0.').max(1_000_000, 'At most 1,000,000.').nullable().default(null);

export const BannerKind = z.enum(['info', 'warning', 'critical']);
export type BannerKind = z.infer<typeof BannerKind>;

/** Settings that administrators change while the site runs. They are in force in all processes within 2 s. */
export const SiteSettings = z.object({
  siteName: typedLine({ max: maxSiteNameLength, empty: 'Enter a name.' }).default('Lectern').describe('The name of the site, beside the menu and in the titles of pages.'),
  supportAddress: z
    .union([z.email(), z.url({ protocol: /^https?$/ })], 'Enter an email address, or a web address that begins with https:.')
    .nullable()
    .default(null)
    .describe('Where people get help: an e-mail address or a web address. Null: none is shown.'),
  signup: z.enum(['open', 'closed', 'domains']).default('open').describe('Who may create an account: anyone, nobody, or people with an e-mail address in one of `signupDomains`.'),
  signupDomains: z.array(Domain).max(maxSignupDomains, `At most ${maxSignupDomains} domains.`).default([]).describe('For `signup: domains`. A domain does not include its subdomains.'),
  signupRole: z.enum(['student', 'instructor']).default('student').describe('The role of a person who signs up.'),
  maxCoursesPerInstructor: z.number().int('Enter a whole number.').min(1, 'At least one.').max(10_000).nullable().default(null).describe('Courses that one person may own. Null: any number. Administrators are not limited.'),
  maxUploadGbOfInstructors: z.number().int('Enter a whole number.').min(1, 'At least one.').max(maxUploadGb, `At most ${maxUploadGb} GB.`).default(maxUploadGb).describe(`The largest file that an instructor may upload, in GB. For administrators it is always ${maxUploadGb}.`),
  maxUploadGbOfOthers: z.number().int('Enter a whole number.').min(1, 'At least one.').max(maxUploadGb, `At most ${maxUploadGb} GB.`).default(10).describe('The largest file of an assistant without the role of an instructor, in GB.'),
  uploadQuotaGbOfInstructors: z.number().int('Enter a whole number.').min(1, 'At least one.').max(1_000_000).nullable().default(null).describe('All uploaded files of one instructor, in GB. Null: any amount. Administrators are not limited.'),
  uploadQuotaGbOfOthers: z.number().int('Enter a whole number.').min(1, 'At least one.').max(1_000_000).nullable().default(100).describe('All uploaded files of one assistant without the role of an instructor, in GB. Null: any amount.'),
  maxUnfinishedUploads: z.number().int('Enter a whole number.').min(1, 'At least one.').max(1000, 'At most 1,000.').default(20).describe('Unfinished uploads of one person.'),
  rateLimitPercent: z.number().int().min(20, 'At least 20 %.').max(1000, 'At most 1,000 %.').default(100).describe('The limits of attempts to sign in, sign up, enrol and the like, in percent of the built-in ones.'),
  auditDays: days(3650).default(730).describe('Days after which entries of the audit log are removed.'),
  failedJobDays: days(365).default(60).describe('Days after which background jobs that have failed are removed.'),
  infrequentAfterDays: days(3650).nullable().default(null).describe('Days without a view after which a video moves to the storage class for infrequent access. Null: never.'),
  archiveAfterDays: days(3650).nullable().default(null).describe('Days without a view after which a video moves to the archive, from where it has to be restored before it is watched. Null: never.'),
  storageCurrency: z.string().trim().toUpperCase().regex(/^[A-Z]{3}$/, 'Enter a currency of three letters, like EUR.').default('EUR').describe('Of the prices: an ISO 4217 code.'),
  standardPrice: price.describe('What a gibibyte costs in a month in the standard class. Null: unknown.'),
  infrequentPrice: price.describe('The same in the class for infrequent access.'),
  archivePrice: price.describe('The same in the archive.'),
  recordingDays: days(36_500).nullable().default(null).describe('Days after which recordings are deleted, in courses without a rule of their own. Owners are told 30 and 7 days before. Null: never.'),
  uploadDays: days(36_500).nullable().default(null).describe('The same for uploaded videos.'),
  chatDays: days(36_500).nullable().default(null).describe('Days after the end of a lecture after which its chat is deleted, in courses without a rule of their own. Null: never.'),
  bannerText: z.string().overwrite(cleanText).max(maxBannerLength, `At most ${maxBannerLength} characters.`).default('').describe('Shown above all pages; empty: none.'),
  bannerKind: BannerKind.default('info'),
  bannerUntil: Instant.nullable().default(null).describe('When the banner disappears. Null: when it is removed.'),
  isInMaintenance: z.boolean().default(false).describe('No lecture starts, and only administrators can sign in. Live lectures continue.'),
  maintenanceNote: z.string().overwrite(cleanText).max(maxBannerLength, `At most ${maxBannerLength} characters.`).default('').describe('Shown on all pages during a maintenance: why, and until when.'),
});
export type SiteSettings = z.infer<typeof SiteSettings>;
export type SiteSetting = keyof SiteSettings;

type Shape = typeof SiteSettings.shape;

/** Some of the settings; those that are left out stay as they are. */
export const SiteSettingsChange = z.strictObject(
  Object.fromEntries(Object.entries(SiteSettings.shape).map(([name, schema]) => [name, schema.unwrap().optional()])) as unknown as { [K in keyof Shape]: z.ZodOptional<ReturnType<Shape[K]['unwrap']>> },
);
export type SiteSettingsChange = z.infer<typeof SiteSettingsChange>;

const Version = z.number().int().min(0).describe('Counts the changes.');
const SettingsState = z.object({ version: Version, settings: SiteSettings });

/** What every page shows of the site. */
export const SiteNotice = z.object({
  siteName: z.string(),
  sendsMail: z.boolean().describe('False: no SMTP server is set. An administrator creates the links that would be mailed.'),
  supportAddress: z.string().nullable(),
  signup: z.enum(['open', 'closed', 'domains']),
  signupDomains: z.array(z.string()),
  banner: z.object({ text: z.string(), kind: BannerKind, until: Instant.nullable() }).nullable(),
  maintenance: z.object({ note: z.string().describe('May be empty.') }).nullable().describe('Null unless the site is being maintained.'),
});
export type SiteNotice = z.infer<typeof SiteNotice>;

export const settingsRoutes = {
  getSiteNotice: route({
    method: 'GET',
    path: '/api/v1/site/notice',
    response: SiteNotice,
    auth: 'none',
    summary: 'Get what every page shows of the site: its name, the banner, whether it is being maintained, and who can sign up.',
  }),
  getSettings: route({
    method: 'GET',
    path: '/api/v1/settings',
    response: SettingsState,
    auth: 'admin',
    summary: 'Get the settings of the site and their version.',
  }),
  updateSettings: route({
    method: 'PUT',
    path: '/api/v1/settings',
    body: z.object({ version: Version.describe('The version that the change is based on. If there is a newer one, 412 `settings.stale` names what was `changed` since.'), settings: SiteSettingsChange }),
    response: SettingsState,
    auth: 'admin',
    summary: 'Change settings of the site. They are in force in all of its processes within 2 s.',
  }),
};
