import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import { MaterialItem } from './MaterialItem.tsx';
import './materials.css';

interface VideoMaterialsProps {
  video: { id: string; courseId: string };
  player: ReplayPlayer | undefined;
}

/** The papers of a video and of its lecture, beside the player. */
export function VideoMaterials({ video: { id: videoId, courseId }, player }: VideoMaterialsProps) {
  const { data } = useLoaded((signal) => api.listMaterials({ params: { courseId }, query: { videoId } }, { signal }), [videoId]);
  if (!data || data.materials.length === 0) return null;
  return (
    <section aria-labelledby="video-materials">
      <h2 id="video-materials" class="materials__title">
        {text.materials.title}
      </h2>
      <ul class="materials">
        {data.materials.map((material) => (
          <MaterialItem key={material.id} material={material} onMoment={(seconds) => player?.seekTo(seconds)} />
        ))}
      </ul>
    </section>
  );
}
