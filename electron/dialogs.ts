import { dialog, type OpenDialogOptions } from 'electron';
import { windows } from './windows';

export interface Filter {
  readonly name: string;
  readonly extensions: readonly string[];
}

interface Question {
  readonly title: string;
  readonly button: string;
}

async function open(options: OpenDialogOptions): Promise<string | null> {
  const parent = windows.get('main');
  const { canceled, filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

/**
 * The system's own dialogs: the only source of paths from people. A page asks for "the module", never for a path, so a page that
 * was taken over cannot read or write where nobody pointed. null: closed without a choice.
 */
export const dialogs = {
  file: ({ title, button }: Question, filter: Filter) =>
    open({
      title,
      buttonLabel: button,
      properties: ['openFile'],
      filters: [{ name: filter.name, extensions: [...filter.extensions] }],
    }),
  folder: ({ title, button }: Question) => open({ title, buttonLabel: button, properties: ['openDirectory', 'createDirectory'] }),
  async newFile({ title, button }: Question, suggestion: string): Promise<string | null> {
    const options = { title, buttonLabel: button, defaultPath: suggestion };
    const parent = windows.get('main');
    const { canceled, filePath } = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options));
    return canceled || filePath === '' ? null : filePath;
  },
};
