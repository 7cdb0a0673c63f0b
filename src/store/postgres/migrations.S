/* The schema's migrations, built into the program. MIGRATIONS is a quoted path. One line each, one row in migrate.c. */

/* A macro's argument loses its quotes, so that folder and file can be joined. */
    .macro embed symbol, folder, file
    .global \symbol
    .hidden \symbol
    .type \symbol, %object
\symbol:
    .incbin "\folder/\file"
    .byte 0
    .size \symbol, . - \symbol
    .endm

    .section .rodata.migrations, "a", %progbits
    embed clti_pg_migration_0001, MIGRATIONS, 0001_tables.sql
    embed clti_pg_migration_0002, MIGRATIONS, 0002_told.sql

    .section .note.GNU-stack, "", %progbits
