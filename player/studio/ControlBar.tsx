import { ChevronUp, Keyboard, MessageCircle, Mic, MicOff, ScreenShare, ScreenShareOff, Users, Video, VideoOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { Button, Dialog, IconButton, Menu, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { LevelBar } from './LevelBar.tsx';
import type { LocalSource } from './LocalSource.ts';
import { hasDevices } from './openDevice.ts';
import type { Device, StudioSession } from './StudioSession.ts';

interface ControlBarProps {
  session: StudioSession;
  /** The button that goes live or pauses. */
  goLive: ComponentChildren;
  /** The button that ends the lecture. */
  end: ComponentChildren;
  /** On a phone: opens the panel below. */
  onOpenSide: (tab: 'chat' | 'people') => void;
  hands: number;
}

/** The controls of the studio: microphone, camera and screen, each with its devices; going live, pausing and ending. */
export function ControlBar({ session, goLive, end, onOpenSide, hands }: ControlBarProps) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  return (
    <div class="bar" role="group" aria-label={text.studio.controls}>
      {hasDevices() ? <SourceProblems session={session} /> : <Notice tone="warning">{text.studio.problems.insecure}</Notice>}
      <div class="bar__controls">
        {hasDevices() ? (
          <>
            <MicrophoneControl session={session} />
            <CameraControl session={session} />
            <ScreenControl session={session} />
          </>
        ) : null}
        <div class="bar__phone">
          <IconButton label={text.room.chat} onClick={() => onOpenSide('chat')}>
            <MessageCircle aria-hidden="true" />
          </IconButton>
          <IconButton label={hands > 0 ? `${text.room.peopleTab}: ${text.room.handsUp(hands)}` : text.room.peopleTab} onClick={() => onOpenSide('people')}>
            <Users aria-hidden="true" />
            {hands > 0 ? <span class="bar__count" aria-hidden="true">{hands}</span> : null}
          </IconButton>
        </div>
        <span class="grow" />
        {goLive}
        {end}
        <IconButton class="bar__help" label={text.studio.shortcuts} onClick={() => setHelpOpen(true)}>
          <Keyboard aria-hidden="true" />
        </IconButton>
      </div>
      {isHelpOpen ? <StudioShortcuts onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/** The list of the studio's keys. */
export function StudioShortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text.studio.shortcuts} onClose={onClose}>
      <dl class="bar__keys">
        {text.studio.keys.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function MicrophoneControl({ session }: { session: StudioSession }) {
  const source = session.sources.microphone;
  const state = source.state.value;
  const isMuted = session.isMuted.value;
  const isOn = state.status === 'on';
  const isHearable = isOn && !isMuted;
  return (
    <section class="control" aria-label={text.studio.microphone}>
      <div class="control__buttons">
        <Button class={`control__main ${isOn && isMuted ? 'control__main--off' : ''}`} variant="quiet" isBusy={state.status === 'starting'} onClick={() => session.toggle('microphone')}>
          {isHearable ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
          <span class="control__label">{isOn ? (isMuted ? text.studio.unmute : text.studio.mute) : text.studio.microphoneOn}</span>
        </Button>
        <DeviceMenu label={text.studio.chooseMicrophone} kind={text.studio.microphone} source={source} devices={session.microphones.value} />
      </div>
      {isOn ? <LevelBar key={state.track.id} track={state.track} isMuted={isMuted} isHeard={session.isHeard} /> : null}
    </section>
  );
}

function CameraControl({ session }: { session: StudioSession }) {
  const source = session.sources.camera;
  const { status } = source.state.value;
  return (
    <section class="control" aria-label={text.studio.camera}>
      <div class="control__buttons">
        <Button class={`control__main ${status === 'on' ? '' : 'control__main--off'}`} variant="quiet" isBusy={status === 'starting'} onClick={() => session.toggle('camera')}>
          {status === 'on' ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
          <span class="control__label">{status === 'on' ? text.studio.cameraOff : text.studio.cameraOn}</span>
        </Button>
        <DeviceMenu label={text.studio.chooseCamera} kind={text.studio.camera} source={source} devices={session.cameras.value} />
      </div>
    </section>
  );
}

function ScreenControl({ session }: { session: StudioSession }) {
  const { status } = session.sources.screen.state.value;
  const isOn = status === 'on';
  return (
    <section class="control" aria-label={text.studio.screen}>
      <div class="control__buttons">
        <Button class={`control__main ${isOn ? 'control__main--on' : ''}`} variant="quiet" isBusy={status === 'starting'} onClick={() => session.toggle('screen')}>
          {isOn ? <ScreenShareOff aria-hidden="true" /> : <ScreenShare aria-hidden="true" />}
          <span class="control__label">{isOn ? text.studio.screenOff : text.studio.screenOn}</span>
        </Button>
      </div>
    </section>
  );
}

interface DeviceMenuProps {
  label: string;
  kind: string;
  source: LocalSource;
  devices: readonly Device[];
}

/** The devices of one kind; choosing one switches to it. */
function DeviceMenu({ label, kind, source, devices }: DeviceMenuProps) {
  const state = source.state.value;
  if (devices.length === 0 || state.status === 'off') return null;
  const items = devices.map(({ deviceId, label: name }, index) => ({
    key: deviceId,
    label: name || text.studio.unnamedDevice(kind, index + 1),
    isChecked: state.status === 'on' && state.deviceId === deviceId,
    onSelect: () => background(source.start(deviceId)),
  }));
  return <Menu class="control__devices" side="above" label={label} isIconOnly head={label} trigger={<ChevronUp aria-hidden="true" size={18} />} items={items} />;
}

function SourceProblems({ session }: { session: StudioSession }) {
  const named = [
    ['camera', text.studio.camera],
    ['microphone', text.studio.microphone],
    ['screen', text.studio.screen],
  ] as const;
  return (
    <>
      {named.map(([kind, name]) => {
        const source = session.sources[kind];
        const state = source.state.value;
        if (state.status !== 'failed') return null;
        return (
          <Notice key={kind} tone="danger" action={<Button onClick={() => background(source.start())}>{text.studio.tryAgain}</Button>}>
            <strong>{name}</strong>
            <div>{text.studio.problems[state.problem]}</div>
          </Notice>
        );
      })}
    </>
  );
}
