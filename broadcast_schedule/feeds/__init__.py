"""Feed formats, one file each; each exports ``feed``. Pure: a timetable in, bytes out."""
