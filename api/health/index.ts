export { openSiteHealth, sharedChecks } from './openSiteHealth.ts';
export { SiteHealth } from './SiteHealth.ts';
