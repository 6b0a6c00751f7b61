"""Question sets with known answers: asked, measured, compared, reported, drafted."""
