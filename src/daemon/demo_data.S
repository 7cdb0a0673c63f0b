/* The demo's customers as they stand in share/demo, built into the program. DEMO_FOLDER is a quoted path. */

/* A macro's argument loses its quotes, so that folder and file can be joined. */
    .macro embed symbol, folder, file
    .global \symbol\()_begin
    .hidden \symbol\()_begin
    .type \symbol\()_begin, %object
\symbol\()_begin:
    .incbin "\folder/\file"
    .global \symbol\()_end
    .hidden \symbol\()_end
\symbol\()_end:
    .size \symbol\()_begin, . - \symbol\()_begin
    .endm

    .section .rodata.demo, "a", %progbits
    embed clti_demo_companies, DEMO_FOLDER, companies.csv
    embed clti_demo_northwind, DEMO_FOLDER, northwind.csv

    .section .note.GNU-stack, "", %progbits
