import { CodedError } from '#engine/contract';
import { fromInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { AuditChanges, settingsRoutes, SiteNotice, SiteSettings, SiteSettingsChange } from '../contract/index.ts';
import type { SiteSettingsSource } from './siteSettings.ts';

export interface SettingsHandlersOptions {
  settings: SiteSettingsSource;
  /** An SMTP server is set. */
  sendsMail: boolean;
  clock: Clock;
  /** Refuses a change that this site cannot follow. */
  requirePossible: (before: SiteSettings, after: SiteSettings) => Promise<void>;
}

export function settingsHandlers({ settings, sendsMail, clock, requirePossible }: SettingsHandlersOptions): Handlers<keyof typeof settingsRoutes> {
  return {
    getSiteNotice: async () => ({ ...siteNotice(settings.current, clock.nowMs()), sendsMail }),
    getSettings: async () => {
      const { version, values } = await settings.read();
      return { version, settings: values };
    },
    updateSettings: async ({ body: { version, settings: change }, note }) => {
      const before = (await settings.read()).values;
      const after = { ...before, ...given(change) };
      requireFitting(after);
      await requirePossible(before, after);
      const { version: next, values } = await settings.change(version, given(change));
      note(changesBetween(before, values));
      return { version: next, settings: values };
    },
  };
}

/** What every page shows; a banner that is over is not shown. */
export function siteNotice(settings: Readonly<SiteSettings>, nowMs: number): Omit<SiteNotice, 'sendsMail'> {
  const { siteName, supportAddress, signup, signupDomains, bannerText: text, bannerKind: kind, bannerUntil: until, isInMaintenance, maintenanceNote } = settings;
  const isShown = text !== '' && (until === null || nowMs < fromInstant(until));
  return { siteName, supportAddress, signup, signupDomains, banner: isShown ? { text, kind, until } : null, maintenance: isInMaintenance ? { note: maintenanceNote } : null };
}

function given(change: SiteSettingsChange): Partial<SiteSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** @throws CodedError `request.invalid` for settings that do not fit together */
function requireFitting({ signup, signupDomains }: SiteSettings): void {
  if (signup !== 'domains' || signupDomains.length > 0) return;
  throw new CodedError('request.invalid', 'Enter at least one domain, or choose who can sign up in another way.', { details: { field: 'signupDomains' } });
}

function changesBetween(before: Readonly<SiteSettings>, after: Readonly<SiteSettings>): AuditChanges {
  const names = Object.keys(after) as (keyof SiteSettings)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.flatMap((name) => [[`${name}Before`, before[name]], [name, after[name]]]));
}
