/* QR codes on pages: SVG, which needs neither script nor another request. */
#include "http/page_private.h"

#include <qrencode.h>

#define MARGIN 4 /* modules of white, as the standard wants */

void clti_html_add_qr_code(clti_buf *out, clt_str text) {
    QRcode *code = QRcode_encodeData((int)text.size, (const unsigned char *)text.data, 0, QR_ECLEVEL_L);
    if (!code)
        return; /* the page says the same in letters */
    const int width = code->width, size = width + 2 * MARGIN;
    clti_buf_add_format(
        out,
        "<svg role=\"img\" aria-label=\"QR code\" viewBox=\"0 0 %d %d\" "
        "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path d=\"",
        size, size, size, size, size);
    for (int y = 0; y < width; y++) {
        for (int x = 0, run; x < width; x += run + 1) {
            for (run = 0; x + run < width && (code->data[y * width + x + run] & 1); run++)
                ;
            if (run > 0)
                clti_buf_add_format(out, "M%d %dh%dv1h-%dz", x + MARGIN, y + MARGIN, run, run);
        }
    }
    clti_buf_add(out, CLTI_STR("\"/></svg>"));
    QRcode_free(code);
}
