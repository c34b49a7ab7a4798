import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import pdfmake from 'pdfmake';
import type { Document } from './page-frame';

/** Roboto comes with pdfmake, so a report is drawn without any font of the machine's own. */
const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');

/** One of the fonts that every PDF reader has by itself (ISO 32000-1, 9.6.2.2): named, not read from a file. */
const COURIER = { normal: 'Courier', bold: 'Courier-Bold', italics: 'Courier-Oblique', bolditalics: 'Courier-BoldOblique' };

pdfmake.setFonts({
  Roboto: {
    normal: join(FONTS, 'Roboto-Regular.ttf'),
    bold: join(FONTS, 'Roboto-Medium.ttf'),
    italics: join(FONTS, 'Roboto-Italic.ttf'),
    bolditalics: join(FONTS, 'Roboto-MediumItalic.ttf'),
  },
  Courier: COURIER,
});
// text out of a transcript must never make the drawing read another file, or the network
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path: string) => path.startsWith(FONTS + sep) || Object.values(COURIER).includes(path));

/** Draws a document. */
export async function pdf(document: Document): Promise<Uint8Array> {
  return pdfmake.createPdf(document).getBuffer();
}
