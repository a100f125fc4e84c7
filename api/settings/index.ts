export { settingsHandlers, siteNotice } from './settingsHandlers.ts';
export { requireCourseAllowed, requireLecturesAllowed, requireSignInAllowed, requireSignupAllowed } from './siteRules.ts';
export { openSiteSettings } from './siteSettings.ts';
export type { CurrentSettings, SiteSettingsSource } from './siteSettings.ts';
