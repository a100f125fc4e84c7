import { Mic, MicOff, ScreenShare, ScreenShareOff, Video, VideoOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { background } from '../app/background.ts';
import { Button, Notice, Select } from '../design/index.ts';
import { text } from '../text/index.ts';
import { LevelBar } from './LevelBar.tsx';
import type { LocalSource } from './LocalSource.ts';
import { hasDevices } from './openDevice.ts';
import type { Device, StudioSession } from './StudioSession.ts';

/** The controls of camera, microphone and screen. */
export function SourcePanel({ session }: { session: StudioSession }) {
  if (!hasDevices()) return <Notice tone="warning">{text.studio.problems.insecure}</Notice>;
  return (
    <div class="sources">
      <CameraControl session={session} />
      <MicrophoneControl session={session} />
      <ScreenControl source={session.sources.screen} />
    </div>
  );
}

function CameraControl({ session }: { session: StudioSession }) {
  const source = session.sources.camera;
  const { status } = source.state.value;
  return (
    <Source
      source={source}
      title={text.studio.camera}
      button={
        <Button isBusy={status === 'starting'} aria-pressed={status === 'on'} onClick={() => toggle(source, session)}>
          {status === 'on' ? <Video aria-hidden="true" size={20} /> : <VideoOff aria-hidden="true" size={20} />}
          {status === 'on' ? text.studio.cameraOff : text.studio.cameraOn}
        </Button>
      }
    >
      <DeviceChoice label={text.studio.chooseCamera} kind={text.studio.camera} source={source} devices={session.cameras.value} />
    </Source>
  );
}

function MicrophoneControl({ session }: { session: StudioSession }) {
  const source = session.sources.microphone;
  const state = source.state.value;
  const isMuted = session.isMuted.value;
  const isOn = state.status === 'on';
  return (
    <Source
      source={source}
      title={text.studio.microphone}
      button={
        isOn ? (
          <Button aria-pressed={isMuted} variant={isMuted ? 'danger' : 'secondary'} onClick={() => session.setMuted(!isMuted)}>
            {isMuted ? <MicOff aria-hidden="true" size={20} /> : <Mic aria-hidden="true" size={20} />}
            {isMuted ? text.studio.unmute : text.studio.mute}
          </Button>
        ) : (
          <Button isBusy={state.status === 'starting'} onClick={() => toggle(source, session)}>
            <MicOff aria-hidden="true" size={20} />
            {text.studio.microphoneOn}
          </Button>
        )
      }
    >
      {isOn ? <LevelBar key={state.track.id} track={state.track} isMuted={isMuted} isHeard={session.isHeard} /> : null}
      <DeviceChoice label={text.studio.chooseMicrophone} kind={text.studio.microphone} source={source} devices={session.microphones.value} />
    </Source>
  );
}

function ScreenControl({ source }: { source: LocalSource }) {
  const { status } = source.state.value;
  const isOn = status === 'on';
  return (
    <Source
      source={source}
      title={text.studio.screen}
      button={
        <Button isBusy={status === 'starting'} aria-pressed={isOn} onClick={() => (isOn ? source.stop() : background(source.startUnlessDeclined()))}>
          {isOn ? <ScreenShareOff aria-hidden="true" size={20} /> : <ScreenShare aria-hidden="true" size={20} />}
          {isOn ? text.studio.screenOff : text.studio.screenOn}
        </Button>
      }
    />
  );
}

interface SourceProps {
  source: LocalSource;
  title: string;
  button: ComponentChildren;
  children?: ComponentChildren;
}

function Source({ source, title, button, children }: SourceProps) {
  const state = source.state.value;
  return (
    <section class="source" aria-label={title}>
      {button}
      {state.status === 'failed' ? (
        <Notice tone="danger" action={<Button onClick={() => background(source.start())}>{text.studio.tryAgain}</Button>}>
          {text.studio.problems[state.problem]}
        </Notice>
      ) : null}
      {children}
    </section>
  );
}

interface DeviceChoiceProps {
  label: string;
  kind: string;
  source: LocalSource;
  devices: readonly Device[];
}

function DeviceChoice({ label, kind, source, devices }: DeviceChoiceProps) {
  const state = source.state.value;
  if (devices.length === 0 || state.status === 'off') return null;
  const choices = devices.map(({ deviceId, label: name }, index) => ({
    value: deviceId,
    label: name || text.studio.unnamedDevice(kind, index + 1),
  }));
  return (
    <Select
      label={label}
      value={state.status === 'on' ? (state.deviceId ?? '') : ''}
      choices={choices}
      disabled={state.status === 'starting' || (state.status === 'on' && state.isChanging)}
      onValue={(deviceId) => background(source.start(deviceId))}
    />
  );
}

function toggle(source: LocalSource, session: StudioSession): void {
  if (source.track) source.stop();
  else background(source.start().then(() => session.listDevices()));
}
