import { Columns2, Gauge, Settings2 } from 'lucide-preact';
import { CaptionsMenu } from '../../captions/CaptionsMenu.tsx';
import type { Captions } from '../../captions/Captions.ts';
import { IconButton, Menu } from '../../design/index.ts';
import type { MenuItem } from '../../design/index.ts';
import { formatNumber } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import type { ViewedChapter } from '../chapters/chapterAt.ts';
import { CurrentChapter } from '../chapters/ChapterList.tsx';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import { speeds } from '../playback/speeds.ts';
import {
  MediaCaptionsButton,
  MediaControlBar,
  MediaFullscreenButton,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from './chrome.ts';

interface ControlBarProps {
  player: ReplayPlayer | undefined;
  captions: Captions | undefined;
  chapters: readonly ViewedChapter[];
  isSideBySide: boolean;
  /** undefined: there is only one video. */
  onArrange: (() => void) | undefined;
}

/** The controls below the video. Play, seek, volume and full screen come from media-chrome. */
export function ControlBar({ player, captions, chapters, isSideBySide, onArrange }: ControlBarProps) {
  return (
    <div class="replay-stage__controls" role="group" aria-label={text.watch.controls}>
      <MediaTimeRange class="replay-stage__seek" />
      <MediaControlBar class="replay-stage__bar">
        <MediaPlayButton />
        <MediaMuteButton class="replay-stage__mute" />
        <MediaVolumeRange class="replay-stage__volume" />
        <MediaTimeDisplay class="replay-stage__time tabular" showduration="" notoggle="" />
        <CurrentChapter chapters={chapters} player={player} />
        <span class="grow" />
        {captions ? <CaptionsMenu captions={captions} /> : <MediaCaptionsButton class="replay-stage__captions" />}
        {player ? <SpeedMenu player={player} /> : null}
        {player ? <QualityMenu player={player} /> : null}
        {onArrange ? (
          <IconButton label={text.watch.sideBySide} isPressed={isSideBySide} onClick={onArrange}>
            <Columns2 aria-hidden="true" />
          </IconButton>
        ) : null}
        <MediaPipButton class="replay-stage__pip" />
        <MediaFullscreenButton />
      </MediaControlBar>
    </div>
  );
}

function SpeedMenu({ player }: { player: ReplayPlayer }) {
  const rate = player.rate.value;
  const items: MenuItem[] = speeds.toReversed().map((speed) => ({
    key: String(speed),
    label: speed === 1 ? text.watch.speedNormal : `${formatNumber(speed, 2)}×`,
    isChecked: speed === rate,
    onSelect: () => {
      player.rate.value = speed;
    },
  }));
  const trigger = rate === 1 ? <Gauge aria-hidden="true" /> : <span class="tabular">{formatNumber(rate, 2)}×</span>;
  return <Menu label={text.watch.speed} isIconOnly trigger={trigger} items={items} head={text.watch.speed} />;
}

function QualityMenu({ player }: { player: ReplayPlayer }) {
  const heights = player.heightsPx.value;
  if (heights.length < 2) return null;
  const chosen = player.chosenHeightPx.value;
  const playing = player.playingHeightPx.value;
  const isAuto = chosen === undefined;
  const automatic: MenuItem = {
    key: 'auto',
    label: isAuto && playing ? text.watch.qualityAutoNow(text.watch.qualityName(playing)) : text.watch.qualityAuto,
    isChecked: isAuto,
    onSelect: () => player.chooseHeight(undefined),
  };
  const fixed: MenuItem[] = heights.map((heightPx) => ({
    key: String(heightPx),
    label: text.watch.qualityName(heightPx),
    isChecked: chosen === heightPx,
    onSelect: () => player.chooseHeight(heightPx),
  }));
  return (
    <Menu
      label={text.watch.quality}
      isIconOnly
      trigger={<Settings2 aria-hidden="true" />}
      items={[automatic, ...fixed]}
      head={text.watch.quality}
    />
  );
}
