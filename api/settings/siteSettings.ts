import { SharedSettings } from '#engine/kernel';
import type { SharedSettingsOptions } from '#engine/kernel';
import type { ApiConfig } from '../config.ts';
import { SiteSettings } from '../contract/index.ts';

/** The settings of the site that change at run time, as this process knows them. */
export type SiteSettingsSource = SharedSettings<typeof SiteSettings>;

/** What reads a setting: `settings.current.siteName`, at the moment at which it matters. */
export interface CurrentSettings {
  readonly current: Readonly<SiteSettings>;
}

export interface OpenSiteSettingsOptions extends Omit<SharedSettingsOptions<typeof SiteSettings>, 'name' | 'schema' | 'defaults'> {
  /** The environment has the defaults of sign-up. */
  config: Pick<ApiConfig, 'LECTERN_SIGNUP' | 'LECTERN_SIGNUP_ROLE'>;
}

/** Reads the settings of the site and follows their changes. The caller closes them. */
export function openSiteSettings({ config, ...options }: OpenSiteSettingsOptions): Promise<SiteSettingsSource> {
  return SharedSettings.open({ ...options, name: 'site', schema: SiteSettings, defaults: { signup: config.LECTERN_SIGNUP, signupRole: config.LECTERN_SIGNUP_ROLE } });
}
