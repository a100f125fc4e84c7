import { Settings } from 'lucide-preact';
import { Menu, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import type { ReceivedTrack, TrackReceiver } from './TrackReceiver.ts';

/** Auto, or one of the simulcast layers. Hidden for a video with a single layer. */
export function QualityMenu({ receiver, received }: { receiver: TrackReceiver; received: ReceivedTrack | undefined }) {
  if (!received?.publication.isSimulcast) return null;
  const { publication, layers, chosenLayer } = received;
  const names = text.room.qualityNames;
  const currentName = layers ? names[layers.spatialLayer] : undefined;
  const choose = (layer: number | null) => {
    receiver.chooseLayer(publication.id, layer).catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
  };
  const automatic = {
    key: 'auto',
    label: chosenLayer === null && currentName ? text.room.qualityAutoNow(currentName) : text.room.qualityAuto,
    isChecked: chosenLayer === null,
    onSelect: () => choose(null),
  };
  const byHand = names.map((label, layer) => ({ key: String(layer), label, isChecked: chosenLayer === layer, onSelect: () => choose(layer) }));
  return (
    <Menu
      class="stage__button"
      label={text.room.quality}
      isIconOnly
      head={text.room.quality}
      trigger={<Settings aria-hidden="true" />}
      items={[automatic, ...byHand.reverse()]}
    />
  );
}
