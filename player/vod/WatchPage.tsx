import { Waiting } from '../design/index.ts';

export default function WatchPage({ videoId }: { videoId: string }) {
  return <Waiting label={videoId} />;
}
