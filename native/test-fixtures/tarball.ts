import { gzipSync } from 'node:zlib';

/** One entry; `type` as tar has it (default `0`, a file). */
export interface Entry {
  name: string;
  content?: string;
  type?: string;
}

/** A ustar archive, without its end mark where `whole` is false. */
export function tar(entries: readonly Entry[], whole = true): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(whole ? 1024 : 0)]);
}

export const tarball = (entries: readonly Entry[]): Buffer => gzipSync(tar(entries));

const folder = 'd'.repeat(60);
/** The files of the archives below, which GNU tar 1.35 has made. */
export const foreignFiles = { 'codex/codex': 'engine', [`${folder}/${folder}/file`]: 'long\n' };

/** In each format, as `.tar.gz` in base 64. */
export const foreignArchives = {
  gnu: 'H4sIAAAAAAACA+3XTQqDMBAF4Kx7ipzAJMaYbQ/gJYpaCZUI/YEe38FdtQhSkrbmfYjj/pEXpx6a9ilYUJJYY6ZJ5vPNt6WHccMieNzupyvnLFH1lP/0Dpp/WRQr+Zev+SsptWRcIv/gWt853zJIVPMBseH8b+r/XBmqC/R/BJnIxLEafFc5f/lS/yur5/e/tZR/hfx/+/zHKA/4+/w3979WeSHR/+n0v138/9NA/++6/8+ux96RTP+v7/9m0f/aYP+PoafqP+AYAAAAAAAAAAAA7NIIL0r+sQAoAAA=',
  pax: 'H4sIAAAAAAACA+2YQW6DMBBFWecUnABmbA9ZZd9lr4CKmyIlpEqIlOPXyaaJo7YgYlrX/22MEAiQ+e9jivK5Pj3ZurH7Q/mya+wpezjkqIy5jA5/JGL53D7vZ1ayzPIAt3LP8dDXe3f5LE1Y59u+3doVFbLIQGpcIl+GvcY51EuRr/PvbzNpcvmXmPLvP1xU8x+2A8b7Xyll4H/4H8yT/0AffkPzT5X//ac1ZTnFlP9I/W+7ddtZ5CBViuvubybwyP5Xhhj9j/4HwZkS+aHLxtHrP6XJ6QLrv78+/wOr4yf/K8W3869Zu0qA/2fxv8rf6/5tNelFmHTyAh0Uaf4HHjfa/1qJIfj/P83/9/4X3/+GGf6fx//Vb/v/td1YdEDC+SeSO/9rwf+/OdjsujXyBgAAAKTFB5jYHCIAKAAA',
  ustar:
    'H4sIAAAAAAACA+3V3wqDIBiHYY93Fd1BmqnXM8pFEAb7A7v8SUejYCOcQet9DtQz0Z9+XzO2/lmKrGTkjJnmaD4v10pq6URhxAYet/v5Grf/xSHfD7cTzZT/NGbN39b1h/ztLH+ltRSFJP/sfOj64AUOqk1Qrvgaq+p/pWUsF9T/o+avra32nn/KxW6Y/6Ufslf/7/3fzPJ3tVU77/9JH2u7xzOMoTvRBgEAAAAAAAAAAIC/8AIepljdACgAAA==',
};
