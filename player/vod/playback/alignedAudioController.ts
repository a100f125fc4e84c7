import type * as hlsModule from 'hls.js';
import type { AudioTrackLoadedData, Events, HlsConfig } from 'hls.js';

/**
 * All tracks of a recording begin where the lecture did. Of one that grows, hls.js would put the sound where its last epoch
 * begins with the picture's; where the sound entered it earlier, a little of the beginning would count as gone, and who
 * wants to begin there would be sent to the end. This has the sound taken for placed before hls.js looks at it.
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
