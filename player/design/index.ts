export * from './Button.tsx';
export * from './CopyField.tsx';
export * from './Dialog.tsx';
export * from './feedback.tsx';
export * from './Field.tsx';
export * from './Menu.tsx';
export * from './Tabs.tsx';
export * from './Toast.tsx';
