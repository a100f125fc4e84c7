import type * as hlsModule from 'hls.js';
import type { AudioTrackLoadedData, Events, HlsConfig } from 'hls.js';

/**
 * All playlists of a recording start at the same time. In a growing playlist, hls.js aligns the audio with the video at
 * their last discontinuity. If the audio of that part starts earlier, the start of the audio seems to be removed, and a
 * viewer who starts at the beginning is moved to the end. This controller marks the audio as aligned from the start.
 */
export function alignedAudioController({ default: Hls }: typeof hlsModule): HlsConfig['audioStreamController'] {
  const { DefaultConfig, Events } = Hls;
  const DefaultController = DefaultConfig.audioStreamController;
  if (!DefaultController) return undefined;
  return class extends DefaultController {
    protected override registerListeners(): void {
      this.hls.on(Events.AUDIO_TRACK_LOADED, onLoaded);
      super.registerListeners();
    }

    protected override unregisterListeners(): void {
      this.hls?.off(Events.AUDIO_TRACK_LOADED, onLoaded);
      super.unregisterListeners();
    }
  };
}

function onLoaded(_event: Events.AUDIO_TRACK_LOADED, { details }: AudioTrackLoadedData): void {
  details.alignedSliding = true;
}
