package main

import (
	"fmt"
	"time"
)

func main() {
	d := 90*time.Minute + 30*time.Second + 500*time.Millisecond
	fmt.Println(d, d.Hours(), d.Minutes(), time.Duration(1500)*time.Microsecond, time.Duration(0), time.Duration(999), -d)
	p, err := time.ParseDuration("1h15m30.918s")
	fmt.Println(p, err, p.Round(time.Minute), p.Truncate(time.Hour))
	t := time.Date(2024, time.February, 29, 13, 4, 5, 678, time.UTC)
	fmt.Println(t, t.Weekday(), t.YearDay(), t.Unix(), t.Add(24*time.Hour).Format("2006-01-02"), t.Format(time.RFC3339Nano))
	u, err := time.Parse(time.RFC1123, "Mon, 02 Jan 2006 15:04:05 UTC")
	fmt.Println(u, err, t.Sub(u) > 0, t.After(u), t.AddDate(1, 0, 0).Format(time.DateOnly))
	_, err = time.Parse("2006", "x")
	fmt.Println(err)
}
