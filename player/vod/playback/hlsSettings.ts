import type { HlsConfig, LoaderConfig, RetryConfig } from 'hls.js';
import { background } from '../../app/background.ts';
import { isRefusal } from './hlsFailure.ts';
import type { PlayableUrls } from './TrackPlayer.ts';

interface HlsSettingsOptions {
  urls: PlayableUrls;
  startSeconds: number;
  isSecondary: boolean;
}

const megabyte = 1_000_000;
/** Retries after a refused URL, enough to renew the URLs and use them. */
const refusalRetries = 3;

export function hlsSettings({ urls, startSeconds, isSecondary }: HlsSettingsOptions): Partial<HlsConfig> {
  const load = loadPolicy(urls);
  return {
    startPosition: startSeconds,
    maxBufferLength: isSecondary ? 30 : 40,
    maxMaxBufferLength: 60,
    maxBufferSize: (isSecondary ? 24 : 48) * megabyte,
    backBufferLength: isSecondary ? 30 : 60,
    capLevelToPlayerSize: true,
    lowLatencyMode: false,
    // fMP4 is passed through, so a worker has nothing to do.
    enableWorker: false,
    enableInterstitialPlayback: false,
    enableCEA708Captions: false,
    enableIMSC1: false,
    enableDateRangeMetadataCues: false,
    enableEmsgMetadataCues: false,
    enableID3MetadataCues: false,
    manifestLoadPolicy: { default: load },
    playlistLoadPolicy: { default: load },
    fragLoadPolicy: { default: { ...load, maxLoadTimeMs: 60_000 } },
    xhrSetup: async (xhr, url) => {
      xhr.open('GET', await urls.current(url), true);
    },
  };
}

function loadPolicy(urls: PlayableUrls): LoaderConfig {
  const retry: RetryConfig = { maxNumRetry: 3, retryDelayMs: 500, maxRetryDelayMs: 8000, backoff: 'exponential' };
  return {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 20_000,
    timeoutRetry: retry,
    errorRetry: {
      ...retry,
      shouldRetry: (...[, retryCount, , response, isRetry]) => {
        if (!isRefusal(response?.code) || urls.isDenied.value) return isRetry;
        background(urls.renew());
        return retryCount < refusalRetries;
      },
    },
  };
}
