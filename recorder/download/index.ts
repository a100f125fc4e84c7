export { DownloadDelivery } from './DownloadDelivery.ts';
export type { DownloadDeliveryOptions, DownloadLibrary } from './DownloadDelivery.ts';
export type { DownloadView } from './downloadSources.ts';
