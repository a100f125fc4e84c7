export { SharedSettings } from './SharedSettings.ts';
export type { SettingsState, SharedSettingsOptions } from './SharedSettings.ts';
