import { useMemo } from 'preact/hooks';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Captions } from './Captions.ts';
import { storedSettings, storeSettings } from './captionSettings.ts';

/** The captions of a video; undefined while it has none. `edit` changes when something is cut of the video. */
export function useCaptions(videoId: string, edit: string): Captions | undefined {
  const { data } = useLoaded((signal) => api.listCaptions({ params: { videoId } }, { signal }), [videoId]);
  return useMemo(() => {
    const tracks = data?.captions.filter(({ cueCount }) => cueCount > 0) ?? [];
    if (tracks.length === 0) return undefined;
    const load = async (captionId: string) => (await api.getCaptionCues({ params: { videoId, captionId } })).cues;
    return new Captions({ tracks, settings: storedSettings(), load, store: storeSettings });
  }, [data, edit]);
}
