"""Writes png.json: a PNG of every colour type, depth, interlacing and kind of transparency, each with the pixels that
libpng reads from it (expanded to RGB, 16 bits cut to 8, alpha laid over white). Usage: python3 src/host/golden/png.py
"""

import base64
import ctypes
import json
import os
import random
import struct
import tempfile
import zlib

random.seed(1)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
WIDTH, HEIGHT = 5, 9


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def pack(row, depth):
    if depth == 16:
        return b''.join(struct.pack('>H', value) for value in row)
    out = bytearray((len(row) * depth + 7) // 8)
    for i, value in enumerate(row):
        out[i * depth >> 3] |= value << (8 - depth - (i * depth & 7))
    return bytes(out)


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, step):
    """Each row by a filter drawn at random."""
    out, above = b'', bytes(len(rows[0]))
    for row in rows:
        kind, line = random.randrange(5), bytearray()
        for i, value in enumerate(row):
            a, b, c = (row[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
            line.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) & 255)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def written(colour, depth, interlaced, transparent):
    most = 2**depth - 1
    image = [[[random.randint(0, most) for _ in range(CHANNELS[colour])] for _ in range(WIDTH)] for _ in range(HEIGHT)]
    data = b''
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = [pack([v for pixel in line[x::dx] for v in pixel], depth) for line in image[y::dy]]
        if rows and rows[0]:
            data += filtered(rows, max(1, CHANNELS[colour] * depth // 8))
    out = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', WIDTH, HEIGHT, depth, colour, 0, 0, interlaced))
    if colour == 3:
        out += chunk(b'PLTE', random.randbytes(3 * (most + 1)))
    if transparent and colour == 3:
        out += chunk(b'tRNS', random.randbytes(max(1, (most + 1) * 2 // 3)))
    elif transparent:
        out += chunk(b'tRNS', b''.join(struct.pack('>H', value) for value in image[HEIGHT // 2][WIDTH // 2]))
    packed = zlib.compress(data)
    half = len(packed) // 2
    return out + chunk(b'IDAT', packed[:half]) + chunk(b'IDAT', packed[half:]) + chunk(b'IEND', b'')


def libpng_pixels(path):
    png, c = ctypes.CDLL('libpng16.so.16'), ctypes.CDLL(None)
    pointer = ctypes.c_void_p
    png.png_create_read_struct.restype = png.png_create_info_struct.restype = c.fopen.restype = pointer
    png.png_get_rowbytes.restype = ctypes.c_size_t
    reader = pointer(png.png_create_read_struct(b'1.6.0', None, None, None))
    info, file = pointer(png.png_create_info_struct(reader)), pointer(c.fopen(path.encode(), b'rb'))
    png.png_init_io(reader, file)
    png.png_read_info(reader, info)
    for step in ['expand', 'strip_16', 'gray_to_rgb', 'interlace_handling']:
        getattr(png, f'png_set_{step}')(reader)
    png.png_read_update_info(reader, info)
    length = png.png_get_rowbytes(reader, info)
    buffer = ctypes.create_string_buffer(length * HEIGHT)
    png.png_read_image(reader, (pointer * HEIGHT)(*[ctypes.addressof(buffer) + length * y for y in range(HEIGHT)]))
    c.fclose(file)
    channels = length // WIDTH
    pixels = [buffer.raw[i : i + channels] for i in range(0, length * HEIGHT, channels)]
    return bytes(
        int((v * a + 255 * (255 - a)) / 255 + 0.5)
        for *rgb, a in [(*p[:3], p[3] if channels == 4 else 255) for p in pixels]
        for v in rgb
    )


golden = []
for colour, depths in DEPTHS.items():
    for depth, interlaced, transparent in [(d, i, t) for d in depths for i in (0, 1) for t in (0, 1)]:
        if transparent and colour > 3:
            continue
        file = written(colour, depth, interlaced, transparent)
        with tempfile.NamedTemporaryFile(suffix='.png', delete=False) as handle:
            handle.write(file)
        name = f'colour type {colour}, {depth} bits' + ', interlaced' * interlaced + ', transparent' * transparent
        rgb = libpng_pixels(handle.name)
        os.unlink(handle.name)
        golden.append({'name': name, 'file': base64.b64encode(file).decode(), 'rgb': base64.b64encode(rgb).decode()})
with open(os.path.join(os.path.dirname(__file__), 'png.json'), 'w') as out:
    out.write('[\n' + ',\n'.join(json.dumps(entry) for entry in golden) + '\n]\n')
